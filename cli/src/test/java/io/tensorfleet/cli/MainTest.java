package io.tensorfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tensorfleet.proto.v1.JobState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line as people use it: what it prints, where, and with which exit status. */
class MainTest {
  private record Ran(int status, String out, String err) {}

  @TempDir Path home = Path.of("");
  private FakeOrchestrator orchestrator;

  MainTest() throws Exception {
    orchestrator = new FakeOrchestrator();
  }

  @BeforeEach
  void quiet() {
    Logs.quiet();
  }

  @AfterEach
  void close() {
    orchestrator.close();
  }

  @Test
  void aSubmittedJobIsNamed() {
    var ran = run("submit", "--mix", "--tasks", "5", "--orchestrator", orchestrator.address());

    assertThat(ran).isEqualTo(new Ran(0, "job job-1 submitted, 5 tasks\n", ""));
    assertThat(orchestrator.submitted.getFirst().getGroupsList())
        .extracting(g -> g.getTemplate().getModelType() + " " + g.getCount())
        .containsExactly("neural_network 2", "xgboost 2", "random_forest 1");
  }

  @Test
  void everySubmitCarriesARequestIdSoThatATriedAgainCallMakesOneJob() {
    run("submit", "--orchestrator", orchestrator.address());
    run("submit", "--orchestrator", orchestrator.address());
    run("submit", "--request-id", "mine", "--orchestrator", orchestrator.address());

    assertThat(orchestrator.submitted).extracting(r -> r.getRequestId()).doesNotHaveDuplicates();
    assertThat(orchestrator.submitted.getLast().getRequestId()).isEqualTo("mine");
  }

  @Test
  void waitingEndsWithTheJobAndItsOutcomeIsTheExitStatus() {
    assertThat(run("submit", "--wait", "--orchestrator", orchestrator.address()).status()).isZero();
    orchestrator.outcome = JobState.JOB_STATE_FAILED;
    assertThat(run("submit", "--wait", "--orchestrator", orchestrator.address()).status()).isOne();
  }

  @Test
  void listsAreReadPageByPage() {
    var ran = run("get", "jobs", "--orchestrator", orchestrator.address());

    assertThat(ran.out().lines().count()).isEqualTo(3);
    assertThat(ran.out()).contains("1/5").contains("2/5");
  }

  @Test
  void jsonIsJson() throws Exception {
    var ran = run("get", "jobs", "-o", "json", "--orchestrator", orchestrator.address());

    assertThat(new ObjectMapper().readTree(ran.out()).get(1).get("job_id").asText())
        .isEqualTo("job-1");
  }

  @Test
  void aTaskThatWaitsSaysWhy() throws Exception {
    String waits = "no worker offers 2 GPUs";
    var table = run("get", "tasks", "--orchestrator", orchestrator.address());
    var json = run("get", "tasks", "-o", "json", "--orchestrator", orchestrator.address());

    assertThat(table.out().lines().toList()).hasSize(3);
    assertThat(table.out()).contains("WAITS").containsOnlyOnce(waits);
    var tasks = new ObjectMapper().readTree(json.out());
    assertThat(tasks.get(0).get("waits").asText()).isEqualTo(waits);
    assertThat(tasks.get(1).has("waits")).isFalse();
  }

  @Test
  void whatTheOrchestratorRefusesIsSaidAndIsAMistakeOfTheCaller() {
    var ran = run("submit", "--priority", "101", "--orchestrator", orchestrator.address());

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).isEqualTo("tensorfleet: priority 101: accepted are -100 to 100\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"get jobs", "get tasks", "get workers", "get pools", "why demo", "submit"})
  void withoutAFleetTheAnswerSaysHowToStartOne(String command) {
    var ran = run(command.split(" "));

    assertThat(ran.status()).isOne();
    assertThat(ran.err()).contains("tensorfleet up");
  }

  @Test
  void aCancelledJobIsToldOf() {
    var ran = run("cancel", "job-1", "--orchestrator", orchestrator.address());

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            "job job-1 is cancelled: of 5 tasks 3 completed, 0 cancelled, 0 still running\n");
  }

  @Test
  void aJobThatThereIsNotCannotBeCancelled() {
    var ran = run("cancel", "job-2", "--orchestrator", orchestrator.address());

    assertThat(ran.status()).isNotZero();
    assertThat(ran.err()).isEqualTo("tensorfleet: no job 'job-2'\n");
  }

  @Test
  void stoppingNothingIsDone() {
    assertThat(run("stop").status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "get",
        "nonsense",
        "cancel",
        "get jobs --limit 0",
        "get tasks --state asleep",
        "submit --tasks many",
        "submit --deadline -5s",
        "submit --mix --tasks -1",
        "submit --grid a=1,2 --tasks 4",
        "up --pool /none",
        "demo --tasks 0",
        "demo --ground moon",
        "demo --ground cluster",
        "stop --timeout never",
        "get jobs -o xml"
      })
  void whatCannotBeAcceptedIsRefusedWithAStatusOfTwoAndASentence(String command) {
    var ran = run(command.isEmpty() ? new String[0] : command.split(" "));

    assertThat(ran.status()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err()).isNotBlank().doesNotContain("Exception").doesNotContain("\tat ");
  }

  static Stream<String> commands() {
    return Stream.of(
        "",
        "demo",
        "up",
        "submit",
        "cancel",
        "get",
        "get jobs",
        "get tasks",
        "get workers",
        "get pools",
        "why",
        "stop");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    var ran = run((command + " --help").strip().split(" "));

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains("Usage: tensorfleet").contains("--help");
  }

  private Ran run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int status = command.execute(inHome(args));
    return new Ran(status, out.toString(), err.toString());
  }

  /** The same words with a home of the test's own, where the command knows one. */
  private String[] inHome(String[] args) {
    var words = String.join(" ", args);
    var takesHome =
        words.matches("(submit|why|stop|demo|up|get (jobs|tasks|workers|pools))( .*)?")
            && !words.contains("--help");
    return takesHome ? (words + " --home " + home).split(" ") : args;
  }
}
