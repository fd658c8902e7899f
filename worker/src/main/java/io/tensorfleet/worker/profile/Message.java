package io.tensorfleet.worker.profile;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** A protobuf message within another, written field by field. */
final class Message {
  private final ByteString.Output buffer = ByteString.newOutput(64);
  private final CodedOutputStream out = CodedOutputStream.newInstance(buffer, 64);

  /** Writes a number. */
  Message number(int field, long value) throws IOException {
    out.writeInt64(field, value);
    return this;
  }

  Message bytes(int field, Message message) throws IOException {
    out.writeBytes(field, message.bytes());
    return this;
  }

  ByteString bytes() throws IOException {
    out.flush();
    return buffer.toByteString();
  }
}
