package org.parley.edge;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.SettingException;
import org.parley.identity.authentication.Users;

/**
 * The users in force: nobody, or those of a file, which is read at the start and again when it
 * changes. A file that cannot be used later leaves the former users in force.
 */
public final class UsersFile implements Supplier<Users> {
  private static final Logger LOG = System.getLogger(UsersFile.class.getName());
  private static final String UNREADABLE = "the file cannot be read";

  private final Optional<WatchedFile> file;
  private volatile Users inForce = Users.NONE;
  private volatile Optional<String> failure = Optional.empty();
  private byte[] used = {};

  /**
   * Reads the file for the first time.
   *
   * @param source empty: there are no users
   * @throws SettingException if there is one and it cannot be used
   */
  UsersFile(Optional<WatchedFile.Source> source) {
    this.file = source.map(WatchedFile::new);
    file.ifPresent(this::readFirst);
    failure.ifPresent(
        reason -> {
          throw new SettingException(
              "%s (%s) cannot be used: %s."
                  .formatted(
                      MqttSettings.USERS.key(), MqttSettings.USERS.environmentName(), reason));
        });
  }

  private void readFirst(WatchedFile watched) {
    try {
      use(watched.read());
    } catch (IOException _) {
      failure = Optional.of(UNREADABLE);
    }
  }

  /**
   * Reads the file again if it has changed. One thread calls it.
   *
   * @return whether other users are in force now: some may have been removed
   */
  public boolean poll() {
    return file.isPresent() && poll(file.get());
  }

  private boolean poll(WatchedFile watched) {
    try {
      return watched.poll().filter(this::use).isPresent();
    } catch (IOException _) {
      fail(UNREADABLE);
      return false;
    }
  }

  private boolean use(byte[] bytes) {
    if (used.length > 0 && Arrays.equals(bytes, used)) {
      failure = Optional.empty();
      return false;
    }
    return switch (Users.parse(bytes)) {
      case Users.Parsed.Loaded(var users) -> {
        inForce = users;
        used = bytes;
        failure = Optional.empty();
        LOG.log(Level.INFO, "users file read: " + users.size() + " users");
        yield true;
      }
      case Users.Parsed.Failed failed -> {
        fail(failed.text());
        yield false;
      }
    };
  }

  private void fail(String reason) {
    if (used.length > 0 && !failure.equals(Optional.of(reason))) {
      LOG.log(Level.WARNING, "users file not used, the former users stay in force: " + reason);
    }
    failure = Optional.of(reason);
  }

  /** Returns the users in force. */
  @Override
  public Users get() {
    return inForce;
  }

  /** Returns why the file as it is now is not in force, without any text of it. */
  public Optional<String> problem() {
    return failure;
  }
}
