package org.parley.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs certificates and CRLs, whatever they say.
 *
 * @param key signs
 * @param chain this authority's certificate first, its root last
 */
public record TestAuthority(PrivateKey key, List<X509Certificate> chain) {
  private static final AtomicLong SERIAL = new AtomicLong(0x1000);
  private static final Provider PSS = new BouncyCastleProvider();
  private static final ASN1ObjectIdentifier PADDING =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.5555.1");

  /** Makes a root that signs itself. */
  public static TestAuthority root(CertificateRequest request) {
    var certificate = sign(request, request.subject, request.keys, request.keys.getPrivate());
    return new TestAuthority(request.keys.getPrivate(), List.of(certificate));
  }

  /** Signs a certificate and takes its key for an authority, even if the certificate does not. */
  public TestAuthority subordinate(CertificateRequest request) {
    return new TestAuthority(request.keys.getPrivate(), chainOf(request));
  }

  /** Issues an identity whose chain goes up to this authority's root, the root left out. */
  public ClientIdentity issue(CertificateRequest request) {
    var whole = chainOf(request);
    return new ClientIdentity(request.keys.getPrivate(), whole.subList(0, whole.size() - 1));
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Signs a CRL with these serial numbers on it. */
  public X509CRL crl(Instant thisUpdate, Instant nextUpdate, BigInteger... serials) {
    return crl(thisUpdate, nextUpdate, "SHA256withECDSA", serials);
  }

  /** The same with a signature algorithm of your choice. */
  public X509CRL crl(
      Instant thisUpdate, Instant nextUpdate, String signature, BigInteger... serials) {
    var builder = crlBuilder(thisUpdate, nextUpdate);
    for (var serial : serials) {
      builder.addCRLEntry(serial, Date.from(thisUpdate), 0);
    }
    return sign(builder, signature);
  }

  /** Signs a CRL that speaks about certificates of users only, and says so. */
  public X509CRL partialCrl(Instant thisUpdate, Instant nextUpdate) {
    try {
      var users = new IssuingDistributionPoint(null, true, false, null, false, false);
      var builder = crlBuilder(thisUpdate, nextUpdate);
      builder.addExtension(Extension.issuingDistributionPoint, true, users);
      return sign(builder, "SHA256withECDSA");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509v2CRLBuilder crlBuilder(Instant thisUpdate, Instant nextUpdate) {
    var issuer = certificate().getSubjectX500Principal();
    return new JcaX509v2CRLBuilder(issuer, Date.from(thisUpdate))
        .setNextUpdate(Date.from(nextUpdate));
  }

  private X509CRL sign(X509v2CRLBuilder builder, String signature) {
    try {
      return new JcaX509CRLConverter().getCRL(builder.build(signer(signature, key)));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<X509Certificate> chainOf(CertificateRequest request) {
    var issuer = X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
    var issuerKeys = new KeyPair(certificate().getPublicKey(), key);
    var whole = new ArrayList<X509Certificate>();
    whole.add(sign(request, issuer, issuerKeys, key));
    whole.addAll(chain);
    return List.copyOf(whole);
  }

  private static X509Certificate sign(
      CertificateRequest request, X500Name issuer, KeyPair issuerKeys, PrivateKey key) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(SERIAL.incrementAndGet()),
              Date.from(request.notBefore),
              Date.from(request.notAfter),
              request.subject,
              request.keys.getPublic());
      addExtensions(builder, request, issuerKeys);
      var algorithm = request.signature.orElseGet(() -> signatureOf(key));
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(signer(algorithm, key)));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addExtensions(
      X509v3CertificateBuilder builder, CertificateRequest request, KeyPair issuerKeys)
      throws GeneralSecurityException, IOException {
    var ids = new JcaX509ExtensionUtils();
    var subjectId = ids.createSubjectKeyIdentifier(request.keys.getPublic());
    builder.addExtension(Extension.subjectKeyIdentifier, false, subjectId);
    var issuerId = ids.createAuthorityKeyIdentifier(issuerKeys.getPublic());
    builder.addExtension(Extension.authorityKeyIdentifier, false, issuerId);
    if (request.authority) {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    }
    if (request.keyUsage != 0) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(request.keyUsage));
    }
    if (request.purposes.length > 0) {
      var purposes = new ExtendedKeyUsage(request.purposes);
      builder.addExtension(Extension.extendedKeyUsage, false, purposes);
    }
    if (request.alternativeNames.length > 0) {
      var names = new GeneralNames(request.alternativeNames);
      builder.addExtension(Extension.subjectAlternativeName, false, names);
    }
    for (var extension : request.extensions.entrySet()) {
      builder.addExtension(
          new ASN1ObjectIdentifier(extension.getKey()), false, extension.getValue());
    }
    if (request.paddingBytes > 0) {
      builder.addExtension(PADDING, false, new DEROctetString(new byte[request.paddingBytes]));
    }
  }

  private static String signatureOf(PrivateKey key) {
    return key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
  }

  private static ContentSigner signer(String algorithm, PrivateKey key)
      throws OperatorCreationException {
    var builder = new JcaContentSignerBuilder(algorithm);
    // The JDK wants the parameters of RSASSA-PSS apart from its name.
    return algorithm.endsWith("MGF1") ? builder.setProvider(PSS).build(key) : builder.build(key);
  }
}
