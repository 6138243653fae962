package org.parley.log.rocksdb;

import org.jspecify.annotations.Nullable;

/** Why a command of the tool has ended before its time, in one line. */
final class ToolException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  private ToolException(int status, String line, @Nullable Throwable cause) {
    super(line.replace('\n', ' '), cause);
    this.status = status;
  }

  /** Something is wrong with the store. */
  static ToolException broken(String line, Throwable cause) {
    return new ToolException(StoreTool.BROKEN, line, cause);
  }

  /** The store cannot be used as it was asked for. */
  static ToolException unusable(String line) {
    return new ToolException(StoreTool.UNUSABLE, line, null);
  }

  /** The status to exit with. */
  int status() {
    return status;
  }
}
