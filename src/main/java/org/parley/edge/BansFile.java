package org.parley.edge;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Optional;
import org.parley.edge.settings.ProtectionSettings;
import org.parley.edge.settings.SettingException;
import org.parley.policy.BanList;
import org.parley.policy.Bans;

/**
 * The ban list in force: nobody is banned, or those of a file, which is read at the start and again
 * when it changes. A file that cannot be used later leaves the former bans in force.
 */
public final class BansFile {
  private static final Logger LOG = System.getLogger(BansFile.class.getName());
  private static final String UNREADABLE = "the file cannot be read";

  private final Optional<WatchedFile> file;
  private final Bans bans;
  private volatile Optional<String> failure = Optional.empty();
  private byte[] used = {};

  /**
   * Reads the file for the first time.
   *
   * @param source empty: nobody is banned
   * @throws SettingException if there is one and it cannot be used
   */
  BansFile(Optional<WatchedFile.Source> source, Bans bans) {
    this.file = source.map(WatchedFile::new);
    this.bans = bans;
    file.ifPresent(this::readFirst);
    failure.ifPresent(
        reason -> {
          throw new SettingException(
              "%s (%s) cannot be used: %s."
                  .formatted(
                      ProtectionSettings.BANS.key(),
                      ProtectionSettings.BANS.environmentName(),
                      reason));
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
   * @return whether another list is in force now: some who are connected may be in it
   */
  boolean poll() {
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
    return switch (BanList.parse(bytes)) {
      case BanList.Parsed.Loaded(var list) -> {
        bans.enforce(list);
        used = bytes;
        failure = Optional.empty();
        LOG.log(Level.INFO, "ban list read: " + list.size() + " bans");
        yield true;
      }
      case BanList.Parsed.Failed failed -> {
        fail(failed.text());
        yield false;
      }
    };
  }

  private void fail(String reason) {
    if (used.length > 0 && !failure.equals(Optional.of(reason))) {
      LOG.log(Level.WARNING, "ban list not used, the former one stays in force: " + reason);
    }
    failure = Optional.of(reason);
  }

  /** Returns how many bans are in the list in force, those that are over too. */
  public int size() {
    return bans.size();
  }

  /** Returns why the file as it is now is not in force, without any text of it. */
  public Optional<String> problem() {
    return failure;
  }
}
