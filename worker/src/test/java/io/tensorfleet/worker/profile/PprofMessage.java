package io.tensorfleet.worker.profile;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.DynamicMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** A profile as protobuf itself decodes it, by the fields of pprof's published profile.proto. */
final class PprofMessage {
  private static final Pattern FIELD = Pattern.compile("(\\d+) (\\*?)(\\w+) (\\w+)");
  private static final Descriptors.FileDescriptor FILE = file();

  private final DynamicMessage message;

  private PprofMessage(DynamicMessage message) {
    this.message = message;
  }

  static PprofMessage parse(byte[] bytes) throws IOException {
    return new PprofMessage(
        DynamicMessage.parseFrom(
            FILE.findMessageTypeByName("Profile"), ByteString.copyFrom(bytes)));
  }

  static PprofMessage unzip(byte[] bytes) throws IOException {
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return parse(plain.readAllBytes());
    }
  }

  private static Descriptors.FileDescriptor file() {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName("profile.proto").setSyntax("proto3");
    define(
        file,
        "Profile",
        "1 *ValueType sample_type, 2 *Sample sample, 3 *Mapping mapping, 4 *Location location,"
            + " 5 *Function function, 6 *string string_table, 9 int64 time_nanos,"
            + " 10 int64 duration_nanos, 11 ValueType period_type, 12 int64 period,"
            + " 13 *int64 comment, 14 int64 default_sample_type");
    define(file, "ValueType", "1 int64 type, 2 int64 unit");
    define(file, "Sample", "1 *uint64 location_id, 2 *int64 value, 3 *Label label");
    define(file, "Label", "1 int64 key, 2 int64 str");
    define(
        file,
        "Mapping",
        "1 uint64 id, 5 int64 filename, 7 bool has_functions, 8 bool has_filenames,"
            + " 9 bool has_line_numbers");
    define(file, "Location", "1 uint64 id, 2 uint64 mapping_id, 4 *Line line");
    define(file, "Line", "1 uint64 function_id, 2 int64 line");
    define(file, "Function", "1 uint64 id, 2 int64 name, 3 int64 system_name, 4 int64 filename");
    try {
      return Descriptors.FileDescriptor.buildFrom(file.build(), new Descriptors.FileDescriptor[0]);
    } catch (DescriptorValidationException wrong) {
      throw new AssertionError(wrong);
    }
  }

  /** Fields as "number type name"; a star before the type is a repeated field. */
  private static void define(FileDescriptorProto.Builder file, String name, String fields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    FIELD
        .matcher(fields)
        .results()
        .forEach(
            parts -> {
              FieldDescriptorProto.Builder field =
                  message
                      .addFieldBuilder()
                      .setNumber(Integer.parseInt(parts.group(1)))
                      .setName(parts.group(4))
                      .setLabel(
                          parts.group(2).isEmpty()
                              ? FieldDescriptorProto.Label.LABEL_OPTIONAL
                              : FieldDescriptorProto.Label.LABEL_REPEATED);
              type(field, parts.group(3));
            });
    file.addMessageType(message);
  }

  private static void type(FieldDescriptorProto.Builder field, String type) {
    switch (type) {
      case "int64" -> field.setType(FieldDescriptorProto.Type.TYPE_INT64);
      case "uint64" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT64);
      case "bool" -> field.setType(FieldDescriptorProto.Type.TYPE_BOOL);
      case "string" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING);
      default -> field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(type);
    }
  }

  private static Object get(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  static long number(DynamicMessage message, String field) {
    return (Long) get(message, field);
  }

  @SuppressWarnings("unchecked")
  private static <T> List<T> list(DynamicMessage message, String field) {
    return (List<T>) get(message, field);
  }

  long number(String field) {
    return number(message, field);
  }

  List<DynamicMessage> all(String field) {
    return list(message, field);
  }

  boolean unknownFields() {
    return !message.getUnknownFields().asMap().isEmpty();
  }

  List<String> strings() {
    return list(message, "string_table");
  }

  /** The text that the field's number stands for. */
  String text(DynamicMessage of, String field) {
    return strings().get((int) number(of, field));
  }

  String text(String field) {
    return text(message, field);
  }

  List<String> comments() {
    return PprofMessage.<Long>list(message, "comment").stream()
        .map(index -> strings().get(index.intValue()))
        .toList();
  }

  List<String> types() {
    return all("sample_type").stream()
        .map(type -> text(type, "type") + "/" + text(type, "unit"))
        .toList();
  }

  /** The functions of a sample with their lines, the innermost first. */
  List<String> stack(DynamicMessage sample) {
    return PprofMessage.<Long>list(sample, "location_id").stream().map(this::place).toList();
  }

  private String place(long locationId) {
    DynamicMessage location = byId("location", locationId);
    DynamicMessage line = PprofMessage.<DynamicMessage>list(location, "line").getFirst();
    DynamicMessage function = byId("function", number(line, "function_id"));
    return text(function, "name") + " " + text(function, "filename") + ":" + number(line, "line");
  }

  private DynamicMessage byId(String table, long id) {
    return all(table).stream().filter(row -> number(row, "id") == id).findFirst().orElseThrow();
  }

  static List<Long> values(DynamicMessage sample) {
    return list(sample, "value");
  }

  Map<String, String> labels(DynamicMessage sample) {
    Map<String, String> labels = new TreeMap<>();
    for (DynamicMessage label : PprofMessage.<DynamicMessage>list(sample, "label")) {
      labels.put(text(label, "key"), text(label, "str"));
    }
    return labels;
  }
}
