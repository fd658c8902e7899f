package io.tensorfleet.worker.server;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client that knows no stub: it learns a service by asking the server, as grpcurl does. */
final class GenericClient {
  private final Channel channel;

  GenericClient(Channel channel) {
    this.channel = channel;
  }

  List<String> services() throws Exception {
    ServerReflectionResponse answer =
        ask(ServerReflectionRequest.newBuilder().setListServices("").build());
    return answer.getListServicesResponse().getServiceList().stream()
        .map(service -> service.getName())
        .toList();
  }

  /** Calls a unary method with these fields; what it does not know by reflection fails. */
  DynamicMessage call(String service, String method, Map<String, ?> fields) throws Exception {
    var rpc = file(service).findServiceByName(simple(service)).findMethodByName(method);
    Descriptor input = rpc.getInputType();
    DynamicMessage.Builder request = DynamicMessage.newBuilder(input);
    fields.forEach((name, value) -> request.setField(input.findFieldByName(name), value));
    MethodDescriptor<DynamicMessage, DynamicMessage> descriptor =
        MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
            .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(input)))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(rpc.getOutputType())))
            .build();
    return ClientCalls.blockingUnaryCall(
        channel,
        descriptor,
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        request.build());
  }

  static Object field(DynamicMessage message, String name) {
    return message.getField(message.getDescriptorForType().findFieldByName(name));
  }

  private static String simple(String service) {
    return service.substring(service.lastIndexOf('.') + 1);
  }

  private FileDescriptor file(String service) throws Exception {
    Map<String, FileDescriptorProto> known = new LinkedHashMap<>();
    ServerReflectionResponse answer =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    String first = "";
    for (var bytes : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptorProto proto = FileDescriptorProto.parseFrom(bytes);
      first = first.isEmpty() ? proto.getName() : first;
      known.put(proto.getName(), proto);
    }
    return build(first, known);
  }

  private static FileDescriptor build(String name, Map<String, FileDescriptorProto> known)
      throws Exception {
    FileDescriptorProto proto = Objects.requireNonNull(known.get(name), name);
    FileDescriptor[] needs = new FileDescriptor[proto.getDependencyCount()];
    for (int i = 0; i < needs.length; i++) {
      needs[i] = build(proto.getDependency(i), known);
    }
    return FileDescriptor.buildFrom(proto, needs);
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request) throws Exception {
    var answer = new CompletableFuture<ServerReflectionResponse>();
    var questions = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new First<>(answer));
    questions.onNext(request);
    questions.onCompleted();
    return answer.get(20, TimeUnit.SECONDS);
  }

  /** The first answer of a call. */
  record First<T>(CompletableFuture<T> answer) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable thrown) {
      answer.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {}
  }
}
