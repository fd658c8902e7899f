package io.tensorfleet.operator.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Wraps private keys of the older forms as PKCS #8 (RFC 5958), the only one that the JDK reads:
 * {@code RSAPrivateKey} of RFC 8017 and {@code ECPrivateKey} of RFC 5915.
 */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int EC_PARAMETERS = 0xa0;
  private static final byte[] ZERO = {INTEGER, 1, 0};
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private Der() {}

  static byte[] pkcs8OfRsa(byte[] key) {
    return write(SEQUENCE, ZERO, RSA, write(OCTETS, key));
  }

  /** Throws IllegalArgumentException where the key does not name its curve. */
  static byte[] pkcs8OfEc(byte[] key) {
    ByteBuffer fields = read(ByteBuffer.wrap(key), SEQUENCE);
    read(fields, INTEGER);
    read(fields, OCTETS);
    ByteBuffer curve = read(fields, EC_PARAMETERS);
    byte[] oid = new byte[curve.remaining()];
    curve.get(oid);
    return write(SEQUENCE, ZERO, write(SEQUENCE, EC, oid), write(OCTETS, key));
  }

  /** The content of the element that begins here; {@code from} then stands behind it. */
  private static ByteBuffer read(ByteBuffer from, int tag) {
    expect(from.remaining() >= 2 && (from.get() & 0xff) == tag);
    int length = from.get() & 0xff;
    if (length > 0x80) {
      int bytes = length & 0x7f;
      expect(bytes <= 3 && bytes <= from.remaining());
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = (length << 8) | (from.get() & 0xff);
      }
    }
    expect(length <= from.remaining());
    ByteBuffer content = from.slice(from.position(), length);
    from.position(from.position() + length);
    return content;
  }

  private static void expect(boolean right) {
    if (!right) {
      throw new IllegalArgumentException("not the DER that was expected");
    }
  }

  private static byte[] write(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    int length = content.size();
    if (length >= 0x80) {
      element.write(0x83);
      element.write(length >> 16);
      element.write(length >> 8);
    }
    element.write(length);
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }
}
