package io.tensorfleet.worker.profile;

import com.google.protobuf.CodedOutputStream;
import io.tensorfleet.worker.profile.Profile.Frame;
import io.tensorfleet.worker.profile.Profile.Stack;
import io.tensorfleet.worker.profile.Profile.ValueType;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a profile as message {@code perftools.profiles.Profile}.
 *
 * <p>Field numbers are those of pprof's <a
 * href="https://github.com/google/pprof/blob/main/proto/profile.proto">profile.proto</a>.
 */
final class ProfileEncoder {
  private static final String PROGRAM = "tensorfleet-worker";
  private static final long MAPPING = 1;

  private final CodedOutputStream out;
  private final Map<String, Long> strings = new LinkedHashMap<>();
  private final Map<Frame, Long> locations = new LinkedHashMap<>();
  private final Map<Frame, Long> functions = new LinkedHashMap<>();

  private ProfileEncoder(CodedOutputStream out) {
    this.out = out;
    strings.put("", 0L);
  }

  /** Writes the message, not compressed, and leaves the stream open. */
  static void write(Profile profile, OutputStream target) throws IOException {
    CodedOutputStream out = CodedOutputStream.newInstance(target);
    new ProfileEncoder(out).write(profile);
    out.flush();
  }

  private void write(Profile profile) throws IOException {
    for (ValueType type : profile.kind().types()) {
      message(1, valueType(type));
    }
    for (Map.Entry<Stack, long[]> sample : profile.samples().entrySet()) {
      message(2, sample(sample.getKey(), sample.getValue()));
    }
    message(3, mapping());
    for (Map.Entry<Frame, Long> location : locations.entrySet()) {
      message(4, location(location.getValue(), location.getKey()));
    }
    for (Map.Entry<Frame, Long> function : functions.entrySet()) {
      message(5, function(function.getValue(), function.getKey()));
    }
    head(profile);
    for (String text : strings.keySet()) {
      out.writeString(6, text);
    }
  }

  /** The one mapping, with functions, files and lines. */
  private Message mapping() throws IOException {
    return new Message()
        .number(1, MAPPING)
        .number(5, string(PROGRAM))
        .number(7, 1)
        .number(8, 1)
        .number(9, 1);
  }

  private void head(Profile profile) throws IOException {
    out.writeInt64(9, ChronoUnit.NANOS.between(Instant.EPOCH, profile.from()));
    out.writeInt64(10, profile.length().toNanos());
    if (profile.kind().period() > 0) {
      message(11, valueType(profile.kind().shown()));
      out.writeInt64(12, profile.kind().period());
    }
    for (String comment : profile.comments()) {
      out.writeInt64(13, string(comment));
    }
    out.writeInt64(14, string(profile.kind().shown().type()));
  }

  private void message(int field, Message message) throws IOException {
    out.writeBytes(field, message.bytes());
  }

  private Message valueType(ValueType type) throws IOException {
    return new Message().number(1, string(type.type())).number(2, string(type.unit()));
  }

  private Message sample(Stack stack, long[] values) throws IOException {
    Message message = new Message();
    for (Frame frame : stack.frames()) {
      message.number(1, number(locations, frame));
    }
    for (long value : values) {
      message.number(2, value);
    }
    for (Map.Entry<String, String> label : new TreeMap<>(stack.labels()).entrySet()) {
      message.bytes(
          3, new Message().number(1, string(label.getKey())).number(2, string(label.getValue())));
    }
    return message;
  }

  private Message location(long id, Frame frame) throws IOException {
    Frame function = new Frame(frame.function(), frame.systemName(), frame.file(), 0);
    Message line = new Message().number(1, number(functions, function)).number(2, frame.line());
    return new Message().number(1, id).number(2, MAPPING).bytes(4, line);
  }

  private Message function(long id, Frame function) throws IOException {
    return new Message()
        .number(1, id)
        .number(2, string(function.function()))
        .number(3, string(function.systemName()))
        .number(4, string(function.file()));
  }

  /** Counted from 0, which is the empty text. */
  private long string(String text) {
    return strings.computeIfAbsent(text, _ -> (long) strings.size());
  }

  /** Counted from 1; 0 would mean none. */
  private static long number(Map<Frame, Long> numbers, Frame frame) {
    return numbers.computeIfAbsent(frame, _ -> numbers.size() + 1L);
  }
}
