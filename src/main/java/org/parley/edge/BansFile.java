package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

  private final OperatorFile file;
  private final Bans bans;

  /**
   * Reads the file for the first time.
   *
   * @param source empty: nobody is banned
   * @throws SettingException if there is one and it cannot be used
   */
  BansFile(Optional<? extends WatchedFile.Source> source, Bans bans) {
    this.bans = bans;
    this.file =
        new OperatorFile(
            LOG,
            ProtectionSettings.BANS,
            "ban list not used, the former one stays in force",
            source,
            this::use);
    file.read();
  }

  /**
   * Reads the file again if it has changed. One thread calls it.
   *
   * @return whether another list is in force now: some who are connected may be in it
   */
  boolean poll() {
    return file.poll();
  }

  private Optional<OperatorFile.Failure> use(byte[] content) {
    return switch (BanList.parse(content)) {
      case BanList.Parsed.Loaded(var list) -> {
        bans.enforce(list);
        LOG.log(Level.INFO, "ban list read: " + list.size() + " bans");
        yield Optional.empty();
      }
      case BanList.Parsed.Failed failed -> Optional.of(new OperatorFile.Failure(failed.text()));
    };
  }

  /** Returns how many bans are in the list in force, those that are over too. */
  public int size() {
    return bans.size();
  }

  /** Returns why the file as it is now is not in force, without any text of it. */
  public Optional<String> problem() {
    return file.problem();
  }
}
