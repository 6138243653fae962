package org.parley.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a class logs during a test; nobody else sees it. */
public final class LoggedLines extends Handler implements BeforeEachCallback, AfterEachCallback {
  private final Logger logger;
  private final Level least;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LoggedLines(Class<?> type, Level least) {
    this.logger = Logger.getLogger(type.getName());
    this.least = least;
  }

  /** All that a class logs. */
  public static LoggedLines of(Class<?> type) {
    return new LoggedLines(type, Level.ALL);
  }

  /** Warnings of a class, and worse. */
  public static LoggedLines warningsOf(Class<?> type) {
    return new LoggedLines(type, Level.WARNING);
  }

  /** Returns the messages, in their order. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= least.intValue()) {
      lines.add(line.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
