package io.tensorfleet.worker.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks named (all of them where none is) and prints a line of JSON for each. */
public final class BenchTasks {
  private BenchTasks() {}

  public static void main(String[] names) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    for (String name : names.length == 0 ? new String[] {""} : names) {
      options.include("\\.bench\\." + Pattern.quote(name));
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    results.forEach(result -> System.out.println(json(result)));
  }

  private static String json(RunResult result) {
    BenchmarkParams params = result.getParams();
    String[] name = params.getBenchmark().split("\\.", -1);
    String slots = params.getParamsKeys().contains("slots") ? "_" + params.getParam("slots") : "";
    String runs =
        result.getBenchmarkResults().iterator().next().getIterationResults().stream()
            .map(IterationResult::getPrimaryResult)
            .map(one -> String.format(Locale.ROOT, "%.1f", one.getScore()))
            .collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"%s\",\"metric\":\"%s%s\",\"value\":%.1f,\"unit\":\"%s\",\"runs\":[%s]}",
        name[name.length - 2],
        name[name.length - 1],
        slots,
        result.getPrimaryResult().getScore(),
        result.getPrimaryResult().getScoreUnit(),
        runs);
  }
}
