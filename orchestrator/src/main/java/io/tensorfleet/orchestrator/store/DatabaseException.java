package io.tensorfleet.orchestrator.store;

import java.sql.SQLException;

/** The database refused or did not answer. */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String state;

  public DatabaseException(SQLException cause) {
    super(cause.getMessage(), cause);
    this.state = cause.getSQLState() == null ? "" : cause.getSQLState();
  }

  /**
   * Whether it can work later without anyone changing the program: no connection, shutting down,
   * out of resources.
   */
  public boolean away() {
    return state.isEmpty()
        || state.startsWith("08")
        || state.startsWith("57")
        || state.startsWith("53")
        || state.startsWith("40")
        || state.startsWith("25006");
  }
}
