package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

  private final OperatorFile file;
  private volatile Users inForce = Users.NONE;

  /**
   * Reads the file for the first time.
   *
   * @param source empty: there are no users
   * @throws SettingException if there is one and it cannot be used
   */
  UsersFile(Optional<? extends WatchedFile.Source> source) {
    this.file =
        new OperatorFile(
            LOG,
            MqttSettings.USERS,
            "users file not used, the former users stay in force",
            source,
            this::use);
    file.read();
  }

  /**
   * Reads the file again if it has changed. One thread calls it.
   *
   * @return whether other users are in force now: some may have been removed
   */
  public boolean poll() {
    return file.poll();
  }

  private Optional<OperatorFile.Failure> use(byte[] content) {
    return switch (Users.parse(content)) {
      case Users.Parsed.Loaded(var users) -> {
        inForce = users;
        LOG.log(Level.INFO, "users file read: " + users.size() + " users");
        yield Optional.empty();
      }
      case Users.Parsed.Failed failed -> Optional.of(new OperatorFile.Failure(failed.text()));
    };
  }

  /** Returns the users in force. */
  @Override
  public Users get() {
    return inForce;
  }

  /** Returns why the file as it is now is not in force, without any text of it. */
  public Optional<String> problem() {
    return file.problem();
  }
}
