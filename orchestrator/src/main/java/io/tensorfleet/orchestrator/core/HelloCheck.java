package io.tensorfleet.orchestrator.core;

import io.tensorfleet.proto.v1.Hello;
import java.util.regex.Pattern;

/** Finds all mistakes of a worker's hello. */
public final class HelloCheck {
  private static final Pattern WORKER = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern INCARNATION = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private HelloCheck() {}

  public static Mistakes of(Hello hello) {
    Mistakes mistakes = new Mistakes();
    mistakes.expect(
        isWorkerId(hello.getWorkerId()),
        "worker_id",
        hello.getWorkerId(),
        "1 to 253 characters of [A-Za-z0-9._-]");
    mistakes.expect(
        INCARNATION.matcher(hello.getIncarnation()).matches(),
        "incarnation",
        hello.getIncarnation(),
        "1 to 64 characters of [A-Za-z0-9._-]");
    mistakes.expectRange(hello.getSlots(), 1, 1024, "slots");
    hello
        .getQueuesList()
        .forEach(
            q ->
                mistakes.expect(
                    SubmitCheck.isQueue(q), "queues", q, "1 to 63 characters of [a-z0-9-]"));
    return mistakes;
  }

  public static boolean isWorkerId(String id) {
    return WORKER.matcher(id).matches();
  }
}
