package org.parley.edge;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.parley.edge.settings.Setting;
import org.parley.edge.settings.SettingException;

/**
 * A file of the operator's, in force as it was last good: read at the start, when it has to be
 * good, and again when it has changed. One thread polls; any asks for the problem.
 */
final class OperatorFile {
  /** Puts a content of the file in force. */
  @FunctionalInterface
  interface Use {
    /** Returns why it cannot; empty: it is in force now. */
    Optional<Failure> use(byte[] content);
  }

  /**
   * Why a content is not used.
   *
   * @param line for the log
   * @param brief for everybody: without any text of the file
   */
  record Failure(String line, String brief) {
    static final Failure UNREADABLE = new Failure("the file cannot be read");

    Failure(String line) {
      this(line, line);
    }
  }

  private final Logger log;
  private final Setting<?> setting;
  private final String notUsed;
  private final Optional<WatchedFile> file;
  private final Use use;
  private volatile Optional<Failure> failure = Optional.empty();
  private byte @Nullable [] used;

  /**
   * A file that is not read yet.
   *
   * @param log of whose file it is
   * @param notUsed what is logged before the reason why a later content is not used
   * @param source empty: there is no file
   */
  OperatorFile(
      Logger log,
      Setting<?> setting,
      String notUsed,
      Optional<? extends WatchedFile.Source> source,
      Use use) {
    this.log = log;
    this.setting = setting;
    this.notUsed = notUsed;
    this.file = source.map(WatchedFile::new);
    this.use = use;
  }

  /**
   * Reads it for the first time, if there is one.
   *
   * @throws SettingException if it cannot be used
   */
  void read() {
    file.ifPresent(this::read);
    failure.ifPresent(
        reason -> {
          throw new SettingException(
              "%s (%s) cannot be used: %s."
                  .formatted(setting.key(), setting.environmentName(), reason.line));
        });
  }

  private void read(WatchedFile watched) {
    try {
      take(watched.read());
    } catch (IOException _) {
      fail(Failure.UNREADABLE);
    }
  }

  /**
   * Reads it again if it has changed.
   *
   * @return whether another content is in force now
   */
  boolean poll() {
    return file.isPresent() && poll(file.get());
  }

  private boolean poll(WatchedFile watched) {
    try {
      return watched.poll().filter(this::take).isPresent();
    } catch (IOException _) {
      fail(Failure.UNREADABLE);
      return false;
    }
  }

  private boolean take(byte[] content) {
    var problem = Arrays.equals(content, used) ? Optional.<Failure>empty() : use.use(content);
    if (problem.isPresent()) {
      fail(problem.get());
      return false;
    }
    boolean other = !Arrays.equals(content, used);
    used = content;
    failure = Optional.empty();
    return other;
  }

  private void fail(Failure reason) {
    if (used != null && !failure.equals(Optional.of(reason))) {
      log.log(Level.WARNING, notUsed + ": " + reason.line);
    }
    failure = Optional.of(reason);
  }

  /** Returns whether there is a file. */
  boolean configured() {
    return file.isPresent();
  }

  /** Returns why the file as it is now is not in force, without any text of it. */
  Optional<String> problem() {
    return failure.map(Failure::brief);
  }
}
