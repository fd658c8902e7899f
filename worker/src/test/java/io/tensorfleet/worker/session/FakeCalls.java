package io.tensorfleet.worker.session;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tensorfleet.worker.polling.Caller;
import io.tensorfleet.worker.polling.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The earlier wire in the test's hand: it keeps each call until the test answers it. */
final class FakeCalls implements Caller {
  private final List<Call> open = new ArrayList<>();
  final List<Call> all = new ArrayList<>();

  /** One call; answered at most once. */
  static final class Call {
    final String method;
    final Message request;
    final Duration deadline;
    private final Consumer<Reply<?>> reply;
    private final List<Call> open;

    private Call(
        String method,
        Message request,
        Duration deadline,
        Consumer<Reply<?>> reply,
        List<Call> open) {
      this.method = method;
      this.request = request;
      this.deadline = deadline;
      this.reply = reply;
      this.open = open;
    }

    void answer(Message message) {
      open.remove(this);
      reply.accept(new Reply.Answer<>(message));
    }

    void refuse(Status status, boolean broken) {
      open.remove(this);
      reply.accept(new Reply.Refusal<>(status, broken));
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <Q, A> void call(
      MethodDescriptor<Q, A> method, Q request, Duration deadline, Consumer<Reply<A>> reply) {
    Call call =
        new Call(
            String.valueOf(method.getBareMethodName()),
            (Message) request,
            deadline,
            answer -> reply.accept((Reply<A>) answer),
            open);
    open.add(call);
    all.add(call);
  }

  /** Calls of this method that wait for an answer. */
  List<Call> open(String method) {
    return open.stream().filter(call -> call.method.equals(method)).toList();
  }

  List<Call> all(String method) {
    return all.stream().filter(call -> call.method.equals(method)).toList();
  }
}
