package io.tensorfleet.orchestrator.store;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Small helpers around JDBC: parameters in order, rows to values, arrays. */
final class Sql {
  private Sql() {}

  /** Reads one row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  static <T> List<T> query(Connection c, String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(c, sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(row.read(rows));
      }
      return all;
    }
  }

  static <T> Optional<T> first(Connection c, String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    return query(c, sql, row, parameters).stream().findFirst();
  }

  static int update(Connection c, String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(c, sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  private static PreparedStatement prepare(Connection c, String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = c.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      Object value = parameters[i];
      statement.setObject(i + 1, value instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : value);
    }
    return statement;
  }

  static <S> Array longs(Connection c, List<S> from, Function<S, Long> value) throws SQLException {
    return c.createArrayOf("bigint", from.stream().map(value).toArray(Long[]::new));
  }

  static <S> Array ints(Connection c, List<S> from, Function<S, Integer> value)
      throws SQLException {
    return c.createArrayOf("integer", from.stream().map(value).toArray(Integer[]::new));
  }

  static <S> Array doubles(Connection c, List<S> from, Function<S, @Nullable Double> value)
      throws SQLException {
    return c.createArrayOf("float8", from.stream().map(value).toArray());
  }

  static <S> Array texts(Connection c, List<S> from, Function<S, @Nullable String> value)
      throws SQLException {
    return c.createArrayOf("text", from.stream().map(value).toArray());
  }

  static <S> Array blobs(Connection c, List<S> from, Function<S, byte @Nullable []> value)
      throws SQLException {
    byte[][] all = new byte[from.size()][];
    for (int i = 0; i < all.length; i++) {
      byte[] one = value.apply(from.get(i));
      if (one != null) {
        all[i] = one;
      }
    }
    return c.createArrayOf("bytea", all);
  }

  /** The message's bytes; null for an empty one. */
  static byte @Nullable [] bytes(MessageLite message) {
    return message.getSerializedSize() == 0 ? null : message.toByteArray();
  }

  static @Nullable Timestamp timestamp(ResultSet row, String column) throws SQLException {
    Instant at = instant(row, column);
    return at == null ? null : timestamp(at);
  }

  static Timestamp timestamp(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
