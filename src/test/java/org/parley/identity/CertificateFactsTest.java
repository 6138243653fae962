package org.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.parley.testing.CertificateRequest;
import org.parley.testing.Subjects;
import org.parley.testing.TestPki;

/** What rules can ask of a certificate beside its common name. */
class CertificateFactsTest {
  private static final String ROLE = "1.3.6.1.4.1.34380.1.1.13";

  private static CertificateRequest request() {
    return CertificateRequest.client(Subjects.commonName("facts"));
  }

  private static X509Certificate certificate(CertificateRequest request) {
    return TestPki.shared().intermediate().issue(request).leaf();
  }

  @Test
  void givenCertificateWithoutAnything_whenRead_thenNothing() {
    var plain = certificate(request());

    assertThat(AlternativeNames.of(plain))
        .isEqualTo(new AlternativeNames(List.of(), List.of(), List.of(), List.of()));
    assertThat(CertificateExtension.text(plain, ROLE)).isEmpty();
    assertThat(CertificateExtension.text(plain, "2.99.1")).isEmpty();
  }

  @Test
  void givenExtensionThatIsNoString_whenRead_thenNothing() {
    var number = certificate(request().extension(ROLE, (ASN1Encodable) new ASN1Integer(1)));

    assertThat(CertificateExtension.text(number, ROLE)).isEmpty();
  }

  @Test
  void givenAddressThatIsANetworkWithAGapInItsMask_whenRead_thenNothing() {
    var octets = new byte[32];
    octets[16] = 1;
    var hostile =
        certificate(
            request()
                .alternativeNames(
                    new GeneralName(GeneralName.dNSName, "a.test"),
                    new GeneralName(GeneralName.iPAddress, new DEROctetString(octets))));

    assertThat(AlternativeNames.of(hostile))
        .isEqualTo(new AlternativeNames(List.of(), List.of(), List.of(), List.of()));
  }

  @Test
  void givenExtensionWithText_whenRead_thenTheText() {
    var role = certificate(request().extension(ROLE, new DERUTF8String("w\u00E9b")));

    assertThat(CertificateExtension.text(role, ROLE)).contains("w\u00E9b");
  }

  @Test
  void givenNamesOfEveryKind_whenRead_thenThoseOfFourKinds() {
    var names =
        certificate(
            request()
                .alternativeNames(
                    new GeneralName(GeneralName.dNSName, "A.test"),
                    new GeneralName(GeneralName.dNSName, "b.test"),
                    new GeneralName(GeneralName.uniformResourceIdentifier, "urn:x"),
                    new GeneralName(GeneralName.rfc822Name, "x@a.test"),
                    new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                    new GeneralName(GeneralName.registeredID, "1.2.3"),
                    new GeneralName(new X500Name("CN=d"))));

    assertThat(AlternativeNames.of(names))
        .isEqualTo(
            new AlternativeNames(
                List.of("A.test", "b.test"),
                List.of("urn:x"),
                List.of("x@a.test"),
                List.of("192.0.2.1")));
  }
}
