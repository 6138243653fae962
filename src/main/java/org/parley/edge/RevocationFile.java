package org.parley.edge;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.Settings;
import org.parley.identity.RevocationCheck;
import org.parley.identity.Revocations;
import org.parley.identity.Revocations.Mode;
import org.parley.identity.Revocations.Parsed;

/**
 * The CRL file: read at the start, read again when it changes. A file that cannot be used later
 * leaves the former one in force and makes the broker unready: it never lets anybody in.
 */
public final class RevocationFile implements RevocationCheck {
  private static final Logger LOG = System.getLogger(RevocationFile.class.getName());

  private final Optional<Path> file;
  private final Authorities authorities;
  private final Mode mode;
  private final InstantSource clock;
  private volatile Revocations inForce = Revocations.unchecked();
  private volatile Optional<String> failure = Optional.empty();
  private Version version = Version.NONE;

  /** The certificates of the trust store. */
  @FunctionalInterface
  public interface Authorities {
    Collection<X509Certificate> read() throws IOException;

    /** Returns what changes when the trust store does: the CRLs are judged anew then. */
    default FileVersion version() throws IOException {
      return FileVersion.NONE;
    }
  }

  /** The state of both files that what is in force was made of. */
  private record Version(FileVersion crls, FileVersion authorities) {
    static final Version NONE = new Version(FileVersion.NONE, FileVersion.NONE);
  }

  /**
   * Reads the file for the first time.
   *
   * @param file empty: nothing is ever revoked
   * @throws SettingException if there is one and it cannot be used
   */
  public RevocationFile(
      Optional<Path> file, Authorities authorities, Mode mode, InstantSource clock) {
    this.file = file;
    this.authorities = authorities;
    this.mode = mode;
    this.clock = clock;
    poll();
    failure.ifPresent(
        reason -> {
          throw new SettingException(
              "%s (%s) cannot be used: %s."
                  .formatted(Settings.CRL.key(), Settings.CRL.environmentName(), reason));
        });
  }

  /**
   * Reads the file again if it or the trust store has changed. One thread calls it.
   *
   * @return whether other CRLs are in force now
   */
  public boolean poll() {
    if (file.isEmpty()) {
      return false;
    }
    try {
      var now = new Version(FileVersion.of(file.get()), authorities.version());
      if (now.equals(version)) {
        return false;
      }
      return switch (Revocations.parse(Files.readAllBytes(file.get()), authorities.read())) {
        case Parsed.Loaded(var revocations) -> {
          version = now;
          inForce = revocations;
          failure = Optional.empty();
          LOG.log(Level.INFO, "CRL file read: " + revocations.size() + " certificates revoked");
          yield true;
        }
        case Parsed.Failed(var reason) -> failed(reason);
      };
    } catch (IOException _) {
      return failed("the file cannot be read");
    } catch (SettingException e) {
      version = Version.NONE; // the trust store; the same file is read again next time
      return failed(String.valueOf(e.getMessage()));
    }
  }

  /** A file that failed is read again each time: the trust store may have changed, not the file. */
  private boolean failed(String reason) {
    version = Version.NONE;
    if (!failure.equals(Optional.of(reason))) {
      LOG.log(Level.WARNING, "CRL file not used, the former one stays in force: " + reason);
    }
    failure = Optional.of(reason);
    return false;
  }

  @Override
  public Answer check(X509Certificate certificate) {
    var status = inForce.status(certificate, clock.instant());
    if (mode.admits(status)) {
      return Answer.GOOD;
    }
    return status == Revocations.Status.REVOKED ? Answer.REVOKED : Answer.UNDECIDABLE;
  }

  /**
   * Returns why the broker cannot be ready: the file is unusable, or it refuses good certificates
   * for a CRL that is stale or missing.
   */
  public Optional<String> problem() {
    if (failure.isPresent() || mode == Mode.SOFT_FAIL) {
      return failure;
    }
    if (inForce.stale(clock.instant())) {
      return Optional.of("a CRL is stale");
    }
    return inForce.incomplete() ? Optional.of("a trusted authority has no CRL") : Optional.empty();
  }
}
