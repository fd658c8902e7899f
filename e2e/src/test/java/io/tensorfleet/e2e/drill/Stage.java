package io.tensorfleet.e2e.drill;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tensorfleet.e2e.Await;
import io.tensorfleet.proto.v1.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * An orchestrator that is scripted, and a kubelet for the Pods of one namespace: for drills of
 * hundreds of Pods, where worker processes would not fit. Each Pod that is ready has a worker,
 * which takes waiting tasks up to its slots and holds them; its incarnation is the Pod's UID. A
 * cordon is atomic as the contract says. Everything that happens is in the history.
 *
 * <p>Pods are scheduled by the real scheduler: a drill has either a stage or a {@link
 * Cluster#node}, not both.
 */
public final class Stage implements AutoCloseable {
  private static final long JOINED_MILLIS = 100;
  private static final long EVERY_SECONDS = 10;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicBoolean dirty = new AtomicBoolean();
  private final StageFloor floor;
  private final StageService service;
  private final StageKubelet kubelet;

  /** Whose Pods the stage looks after, and the name of its Node. */
  record Place(String namespace, String node) {}

  private Stage(KubernetesClient client, Place place, History history) {
    this.floor = new StageFloor(history, new Listener());
    this.service = new StageService(floor);
    this.kubelet = new StageKubelet(client, place, floor, history);
    var _ =
        timer.scheduleAtFixedRate(service::publish, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  static Stage open(KubernetesClient client, Place place, History history) {
    return new Stage(client, place, history);
  }

  private final class Listener implements StageFloor.Listener {
    @Override
    public void taken(String task, StageWork work) {
      work.lasting().ifPresent(time -> after(time.toMillis(), () -> floor.finish(task)));
    }

    @Override
    public void changed() {
      if (dirty.compareAndSet(false, true)) {
        after(JOINED_MILLIS, Stage.this::publish);
      }
    }
  }

  private void publish() {
    dirty.set(false);
    service.publish();
  }

  private void after(long millis, Runnable step) {
    try {
      var _ = timer.schedule(step, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      // the drill is over
    }
  }

  /** Where the queue is, for ORCHESTRATOR_ADDRESS. */
  public String address() {
    return service.address();
  }

  /** So many more tasks wait in the queue "default", held by their workers until told. */
  public void waiting(int count) {
    submit(StageWork.HELD, count);
  }

  public void submit(StageWork work, int count) {
    floor.submit(work, count);
  }

  /** The tasks that run longest, so many of them, are done. */
  public void finish(int count) {
    floor.oldest(_ -> true, count).forEach(floor::finish);
  }

  public void finishAll() {
    finish(Integer.MAX_VALUE);
  }

  /** Of what waits and runs in a queue so many tasks are left; what waits goes first. */
  public void reduce(String queue, int left) {
    floor.reduce(queue, left);
  }

  /** What waits does not wait any more. */
  public void withdraw() {
    floor.withdraw(_ -> true);
  }

  public int waiting() {
    return floor.waiting();
  }

  public int running() {
    return floor.running();
  }

  public List<WorkerState> workers() {
    return floor.workers();
  }

  /** Behaves otherwise from now on. */
  public void turn(StageService.Manner manner) {
    service.turn(manner);
  }

  /** The next Pods take so long to become ready. */
  public void startsIn(Duration time) {
    kubelet.startsIn = time;
  }

  /** Containers of this image do not start, for this reason: ImagePullBackOff and the like. */
  public void cannotStart(String image, String reason) {
    kubelet.troubles.put(image, reason);
  }

  /** Waits until the stage is as wanted. */
  public void await(Duration limit, String what, Predicate<Stage> wanted) {
    var _ = Await.value(limit, what, () -> Optional.of(this).filter(wanted));
  }

  @Override
  public void close() {
    kubelet.close();
    service.close();
    timer.shutdownNow();
  }
}
