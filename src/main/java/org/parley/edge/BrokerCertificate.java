package org.parley.edge;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import org.parley.audit.AuditAction;
import org.parley.audit.AuditEvent;
import org.parley.audit.AuditLog;
import org.parley.audit.AuditResult;
import org.parley.edge.settings.SettingException;
import org.parley.edge.settings.Settings;
import org.parley.identity.CommonName;

/** The broker's own certificate: its name, and how long it lasts. */
public final class BrokerCertificate {
  private final KeyStores keyStores;
  private final InstantSource clock;
  private final AuditLog audit;
  private volatile X509Certificate certificate;

  BrokerCertificate(KeyStores keyStores, InstantSource clock, AuditLog audit) {
    this.keyStores = keyStores;
    this.clock = clock;
    this.audit = audit;
    this.certificate = keyStores.brokerCertificate();
  }

  /**
   * Returns the common name.
   *
   * @throws SettingException if the certificate has none that can stand in a PCP URI
   */
  String name() {
    if (CommonName.of(certificate.getSubjectX500Principal()) instanceof CommonName.One(var name)
        && !name.isEmpty()
        && name.indexOf('/') < 0) {
      return name;
    }
    throw new SettingException(
        Settings.KEYSTORE.key() + " holds a certificate without a common name: give one with it.");
  }

  /** Returns the whole days until it ends; negative when it has ended. */
  public long daysLeft() {
    return Duration.between(clock.instant(), certificate.getNotAfter().toInstant()).toDays();
  }

  /** Reads it again: the server takes a new key store without a restart. */
  void reload() {
    var former = certificate;
    certificate = keyStores.brokerCertificate();
    if (!certificate.equals(former)) {
      audit.record(
          AuditEvent.of(AuditAction.RELOAD, AuditResult.CHANGED, "")
              .about(Settings.KEYSTORE.key())
              .with("certificate of serial " + serial(certificate) + ", was " + serial(former)));
    }
  }

  private static String serial(X509Certificate of) {
    return of.getSerialNumber().toString(16);
  }
}
