package org.parley.testing;

import static org.parley.testing.Subjects.cn;
import static org.parley.testing.Subjects.commonName;
import static org.parley.testing.Subjects.email;
import static org.parley.testing.Subjects.name;
import static org.parley.testing.Subjects.ou;
import static org.parley.testing.Subjects.rdn;

import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Clients with something wrong or strange about them. Every call makes a new one. Unless it says
 * otherwise they are issued by the good intermediate; the victim's name is {@code client01}.
 */
public final class HostileIdentities {
  /** Whom the impostors want to be taken for. */
  public static final String VICTIM = "client01";

  private static final int PADDED_CHAIN = 200;
  private static final int PADDING_BYTES = 5_000;

  private final TestPki pki;

  HostileIdentities(TestPki pki) {
    this.pki = pki;
  }

  /** A client with this subject and nothing else to object to. */
  public ClientIdentity named(X500Name subject) {
    return issue(CertificateRequest.client(subject));
  }

  /** A client with this common name, in UTF-8. */
  public ClientIdentity named(String commonName) {
    return named(commonName(commonName));
  }

  // Validity, purpose, strength

  /** Ended yesterday. */
  public ClientIdentity expired() {
    var now = Instant.now();
    return issue(victim().valid(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1))));
  }

  /** Begins tomorrow. */
  public ClientIdentity notYetValid() {
    var now = Instant.now();
    return issue(victim().valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9))));
  }

  /** Extended key usage: serverAuth only. */
  public ClientIdentity serverOnly() {
    return issue(victim().purposes(KeyPurposeId.id_kp_serverAuth));
  }

  /** No extended key usage at all: allowed. */
  public ClientIdentity withoutPurpose() {
    return issue(victim().purposes());
  }

  /** A certificate authority that connects as a client. */
  public ClientIdentity authorityAsClient() {
    return issue(CertificateRequest.authority(commonName(VICTIM)));
  }

  /** RSA with 1024 bits. */
  public ClientIdentity rsa1024() {
    return issue(victim().keys(Keys.rsa(1024)));
  }

  /** Signed with SHA-1. */
  public ClientIdentity sha1() {
    return issue(victim().signature("SHA1withECDSA"));
  }

  // Issuers

  /** Signs itself. */
  public ClientIdentity selfSigned() {
    return selfSigned(VICTIM);
  }

  /** Signs itself under this common name. */
  public ClientIdentity selfSigned(String commonName) {
    var self = TestAuthority.root(CertificateRequest.client(commonName(commonName)));
    return new ClientIdentity(self.key(), self.chain());
  }

  /** Issued by another good client, which is no authority. */
  public ClientIdentity issuedByLeaf() {
    var leaf = CertificateRequest.client(commonName("client02"));
    return pki.intermediate().subordinate(leaf).issue(victim());
  }

  /** An authority with the intermediate's name (and a root with the root's) but other keys. */
  public TestAuthority impostor() {
    var root = CertificateRequest.authority(commonName("Parley Test Root"));
    var intermediate = CertificateRequest.authority(commonName("Parley Test CA"));
    return TestAuthority.root(root).subordinate(intermediate);
  }

  /** Issued by the impostor. */
  public ClientIdentity otherAuthoritySameName() {
    return impostor().issue(victim());
  }

  /** Ten intermediates below the good one: twelve certificates with the client's. */
  public ClientIdentity longChain() {
    return belowAuthorities(10, 0);
  }

  /** A megabyte of 200 intermediates, each signed by the one above. */
  public ClientIdentity megabyteChain() {
    return belowAuthorities(PADDED_CHAIN - 1, PADDING_BYTES);
  }

  // Subjects

  /** No common name; the subject alternative name is the victim's. */
  public ClientIdentity withoutCommonName() {
    return issue(
        CertificateRequest.client(name(rdn(ou("clients"))))
            .alternativeNames(new GeneralName(GeneralName.dNSName, VICTIM)));
  }

  /** {@code CN=first, CN=second} in this order of encoding. */
  public ClientIdentity twoCommonNames(String first, String second) {
    return named(name(rdn(cn(first)), rdn(cn(second))));
  }

  /** Two common names in one multi-valued relative name. */
  public ClientIdentity twoCommonNamesInOne(String first, String second) {
    return named(name(rdn(cn(first), cn(second))));
  }

  /** One common name beside an organisational unit in one multi-valued relative name. */
  public ClientIdentity multiValued(String commonName) {
    return named(name(rdn(ou("clients"), cn(commonName))));
  }

  /** {@code OU="CN=client01"} and another common name. */
  public ClientIdentity victimInUnit(String commonName) {
    return named(name(rdn(ou("CN=" + VICTIM)), rdn(cn(commonName)), rdn(ou("x,CN=" + VICTIM))));
  }

  /** An e-mail address with {@code CN=client01} in it and another common name. */
  public ClientIdentity victimInEmail(String commonName) {
    return named(name(rdn(cn(commonName)), rdn(email("a@b.example/CN=" + VICTIM))));
  }

  /** A subject alternative name of the victim and another common name. */
  public ClientIdentity victimInAlternativeName(String commonName) {
    return issue(
        CertificateRequest.client(commonName(commonName))
            .alternativeNames(new GeneralName(GeneralName.dNSName, VICTIM)));
  }

  private static CertificateRequest victim() {
    return CertificateRequest.client(commonName(VICTIM));
  }

  private ClientIdentity issue(CertificateRequest request) {
    return pki.intermediate().issue(request);
  }

  private ClientIdentity belowAuthorities(int count, int paddingBytes) {
    var keys = Keys.ec();
    var authority = pki.intermediate();
    for (int i = 0; i < count; i++) {
      var subject = commonName("Parley Test CA " + i);
      var request = CertificateRequest.authority(subject).keys(keys).padding(paddingBytes);
      authority = authority.subordinate(request);
    }
    return authority.issue(victim());
  }
}
