package io.tensorfleet.worker.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.tensorfleet.proto.worker.TaskResponse;
import java.util.concurrent.CompletableFuture;

/** The caller of an ExecuteTask, in the test's hand. */
final class Caller extends ServerCallStreamObserver<TaskResponse> {
  final CompletableFuture<TaskResponse> answer = new CompletableFuture<>();
  private Runnable whenGone = () -> {};
  private boolean gone;

  void goAway() {
    gone = true;
    whenGone.run();
  }

  @Override
  public boolean isCancelled() {
    return gone;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    whenGone = handler;
  }

  @Override
  public void onNext(TaskResponse value) {
    answer.complete(value);
  }

  @Override
  public void onError(Throwable failure) {
    answer.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {}

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public void setMessageCompression(boolean enable) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}
}
