package io.tensorfleet.cli.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;

/** Values as indented JSON; protobuf messages by their field names, absent numbers as zero. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .alwaysPrintFieldsWithNoPresence()
          .omittingInsignificantWhitespace();

  private Json() {}

  public static String of(MessageOrBuilder message) {
    try {
      return MAPPER.writeValueAsString(MAPPER.readTree(PRINTER.print(message)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String ofAll(List<? extends MessageOrBuilder> messages) {
    return ofAll(messages, (_, _) -> {});
  }

  /** With something added to each message's own fields. */
  public static <M extends MessageOrBuilder> String ofAll(
      List<M> messages, BiConsumer<M, ObjectNode> more) {
    ArrayNode array = MAPPER.createArrayNode();
    try {
      for (var message : messages) {
        ObjectNode node = (ObjectNode) MAPPER.readTree(PRINTER.print(message));
        more.accept(message, node);
        array.add(node);
      }
      return MAPPER.writeValueAsString(array);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String ofValue(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
