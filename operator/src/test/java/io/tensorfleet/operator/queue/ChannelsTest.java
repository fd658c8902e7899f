package io.tensorfleet.operator.queue;

import static io.tensorfleet.operator.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.tensorfleet.operator.FakeQueue;
import io.tensorfleet.operator.PoolKey;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelsTest {
  private static final PoolKey RED = new PoolKey("default", "red");
  private static final PoolKey BLUE = new PoolKey("default", "blue");

  private final FakeQueue orchestrator = new FakeQueue();
  private final List<ManagedChannel> opened = new CopyOnWriteArrayList<>();
  private final Channels channels = new Channels(this::open);
  private final QueueWatcher watcher =
      new QueueWatcher(channels, WatchTiming.usual(), InstantSource.system(), _ -> {});
  private final QueueKey one = new QueueKey(orchestrator.address(), "one");
  private final QueueKey two = new QueueKey(orchestrator.address(), "two");

  @AfterEach
  void stop() {
    watcher.close();
    channels.close();
    orchestrator.close();
  }

  @Test
  void aConnectionIsClosedWithTheLastStreamOfItsAddress() {
    watcher.follow(RED, one);
    watcher.follow(BLUE, two);

    watcher.forget(RED);
    assertThat(opened).singleElement().matches(channel -> !channel.isShutdown());
    watcher.forget(BLUE);

    assertThat(opened).singleElement().matches(ManagedChannel::isShutdown);
  }

  @Test
  void anAddressThatIsNamedAgainIsConnectedAnew() throws Throwable {
    watcher.follow(RED, one);
    watcher.forget(RED);

    watcher.follow(RED, two);

    eventually(() -> assertThat(watcher.read(two)).isInstanceOf(QueueReading.Known.class));
    assertThat(opened).hasSize(2);
  }

  @Test
  void ofSeveralStreamsToAnAddressTheLastOneCloses() {
    for (int n = 0; n <= OrchestratorStream.MOST_QUEUES; n++) {
      watcher.follow(numbered(n), new QueueKey(orchestrator.address(), "queue-" + n));
    }
    for (int n = 0; n < OrchestratorStream.MOST_QUEUES; n++) {
      watcher.forget(numbered(n));
    }
    assertThat(opened).singleElement().matches(channel -> !channel.isShutdown());

    watcher.forget(numbered(OrchestratorStream.MOST_QUEUES));

    assertThat(opened).singleElement().matches(ManagedChannel::isShutdown);
  }

  @Test
  void aWatcherThatEndsLeavesNoConnection() {
    watcher.follow(RED, one);

    watcher.close();

    assertThat(opened).singleElement().matches(ManagedChannel::isShutdown);
  }

  @Test
  void aCordonUsesTheStreamsConnectionAndLeavesIt() {
    watcher.follow(RED, one);

    cordon();

    assertThat(opened).singleElement().matches(channel -> !channel.isShutdown());
  }

  @Test
  void aCordonWhereNobodyWatchesAnyMoreLeavesNoConnection() {
    cordon();

    assertThat(opened).singleElement().matches(ManagedChannel::isShutdown);
  }

  private void cordon() {
    orchestrator.worker("idle", 0);
    assertThat(
            Cordons.overGrpc(channels, () -> true)
                .cordonIfIdle(orchestrator.address(), "idle", "first", "test"))
        .isEqualTo(new Cordons.Answer.Cordoned("first"));
  }

  private static PoolKey numbered(int number) {
    return new PoolKey("default", "pool-" + number);
  }

  private ManagedChannel open(String target) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    opened.add(channel);
    return channel;
  }
}
