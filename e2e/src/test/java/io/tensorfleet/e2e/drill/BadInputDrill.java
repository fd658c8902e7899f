package io.tensorfleet.e2e.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Malformed input at each of the worker's doors; afterwards it must still do its work. */
final class BadInputDrill implements Drill {
  private static final Map<Reply.Door, Integer> LEAST =
      Map.of(Reply.Door.GRPC, 200, Reply.Door.HTTP, 200, Reply.Door.ENVIRONMENT, 60);

  @Override
  public Findings run(Ground ground, Sizes sizes) throws Exception {
    int seed = sizes.get("SEED", 1);
    var settings = Map.of("ORCHESTRATOR_ADDRESS", "127.0.0.1:1");
    var worker = ground.own(WorkerProcess.start("attacked", settings, ground.folder("attacked")));
    List<Reply> replies = new ArrayList<>();
    try (var door = new GrpcDoor(worker.grpcPort())) {
      replies.addAll(door.tryAll(seed, sizes.get("RANDOM", 100)));
      replies.addAll(new HttpDoor(worker.httpPort(), seed).tryAll(sizes.get("RANDOM", 100)));
      replies.addAll(WorkerEnvironmentDoor.tryAll(ground, sizes.get("STARTS", 7)));
      boolean works = door.works();
      return new BadInputChecker(LEAST)
          .check(replies, new BadInputChecker.Afterwards(worker.program().alive(), works));
    }
  }
}
