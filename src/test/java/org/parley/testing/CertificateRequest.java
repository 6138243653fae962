package org.parley.testing;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** What a certificate shall say: start with a factory method, change what shall be wrong. */
public final class CertificateRequest {
  final X500Name subject;
  KeyPair keys;
  Instant notBefore = Instant.now().minus(Duration.ofHours(1));
  Instant notAfter = Instant.now().plus(Duration.ofDays(30));
  boolean authority;
  KeyPurposeId[] purposes = {};
  int keyUsage;
  GeneralName[] alternativeNames = {};
  Optional<String> signature = Optional.empty();
  int paddingBytes;
  final Map<String, ASN1Encodable> extensions = new LinkedHashMap<>();

  private CertificateRequest(X500Name subject, KeyPair keys, int keyUsage) {
    this.subject = subject;
    this.keys = keys;
    this.keyUsage = keyUsage;
  }

  /** A client as it should be, with a new EC key. */
  public static CertificateRequest client(X500Name subject) {
    return new CertificateRequest(subject, Keys.ec(), KeyUsage.digitalSignature)
        .purposes(KeyPurposeId.id_kp_clientAuth);
  }

  /** A server with a new RSA key, for the names of this machine. */
  public static CertificateRequest server(X500Name subject) {
    int usage = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
    return new CertificateRequest(subject, Keys.rsa(2048), usage)
        .purposes(KeyPurposeId.id_kp_serverAuth)
        .alternativeNames(
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.iPAddress, "::1"));
  }

  /** A certificate authority with a new EC key. */
  public static CertificateRequest authority(X500Name subject) {
    int usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
    var request = new CertificateRequest(subject, Keys.ec(), usage);
    request.authority = true;
    return request;
  }

  /** Uses this key. */
  public CertificateRequest keys(KeyPair keys) {
    this.keys = keys;
    return this;
  }

  /** Valid between these instants. */
  public CertificateRequest valid(Instant notBefore, Instant notAfter) {
    this.notBefore = notBefore;
    this.notAfter = notAfter;
    return this;
  }

  /** Sets the extended key usage; none leaves the extension out. */
  public CertificateRequest purposes(KeyPurposeId... purposes) {
    this.purposes = purposes;
    return this;
  }

  /** Sets the bits of {@link KeyUsage}; 0 leaves the extension out. */
  public CertificateRequest keyUsage(int keyUsage) {
    this.keyUsage = keyUsage;
    return this;
  }

  /** Sets the subject alternative names. */
  public CertificateRequest alternativeNames(GeneralName... names) {
    this.alternativeNames = names;
    return this;
  }

  /** Asks for a signature algorithm such as {@code SHA1withECDSA}. */
  public CertificateRequest signature(String algorithm) {
    this.signature = Optional.of(algorithm);
    return this;
  }

  /** Adds an extension with this text, as Puppet does. */
  public CertificateRequest extension(String oid, String text) {
    return extension(oid, new DERUTF8String(text));
  }

  /** Adds an extension with a value of your choice. */
  public CertificateRequest extension(String oid, ASN1Encodable value) {
    extensions.put(oid, value);
    return this;
  }

  /** Makes the certificate bigger by a private extension that says nothing. */
  public CertificateRequest padding(int bytes) {
    this.paddingBytes = bytes;
    return this;
  }
}
