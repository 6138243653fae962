// Makes the development PKI in pki/ when there is none; never overwrites one.
//   ca.pem                              the authority
//   broker.p12, trust.p12               the broker's key store and trust store
//   NAME.pem, NAME.key, NAME.p12        for each client: certificate, PKCS#8 key, both
// Every subject says that it is for development. The password of every store is "changeit".
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.attribute.PosixFilePermissions
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.cert.X509Certificate
import java.time.Duration
import java.time.Instant
import org.bouncycastle.asn1.x500.X500Name
import org.bouncycastle.asn1.x509.BasicConstraints
import org.bouncycastle.asn1.x509.ExtendedKeyUsage
import org.bouncycastle.asn1.x509.Extension
import org.bouncycastle.asn1.x509.GeneralName
import org.bouncycastle.asn1.x509.GeneralNames
import org.bouncycastle.asn1.x509.KeyPurposeId
import org.bouncycastle.asn1.x509.KeyUsage
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder

Path pki = project.basedir.toPath().resolve('pki')
if (Files.exists(pki)) {
  return
}

final Instant NOW = Instant.now()
final char[] PASSWORD = 'changeit'.toCharArray()
final Path work = Files.createTempDirectory(project.basedir.toPath(), '.pki')

KeyPair newKeys() {
  def generator = KeyPairGenerator.getInstance('RSA')
  generator.initialize(2048)
  generator.generateKeyPair()
}

BigInteger newSerial() {
  new BigInteger(126, new java.security.SecureRandom()).setBit(120)
}

X509Certificate issue(X500Name issuer, PrivateKey issuerKey, X500Name subject, KeyPair keys, Instant now, Closure extensions) {
  def builder = new JcaX509v3CertificateBuilder(
      issuer, newSerial(), Date.from(now - Duration.ofDays(1)), Date.from(now + Duration.ofDays(825)),
      subject, keys.public)
  builder.addExtension(Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.public))
  extensions(builder)
  def signer = new JcaContentSignerBuilder('SHA256withRSA').build(issuerKey)
  new JcaX509CertificateConverter().getCertificate(builder.build(signer))
}

void writePem(Path file, String type, byte[] der, boolean secret) {
  def body = Base64.getMimeEncoder(64, '\n'.bytes).encodeToString(der)
  Files.writeString(file, "-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n")
  Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(secret ? 'rw-------' : 'rw-r--r--'))
}

void writeStore(Path file, char[] password, Closure fill) {
  def store = KeyStore.getInstance('PKCS12')
  store.load(null, null)
  fill(store)
  Files.newOutputStream(file).withCloseable { store.store(it, password) }
  Files.setPosixFilePermissions(file, PosixFilePermissions.fromString('rw-------'))
}

try {
  // X500Name keeps the order as written: the common name comes last.
  def authorityName = new X500Name("O=Parley,OU=For development only,CN=Parley development CA")
  def authorityKeys = newKeys()
  def authority = issue(authorityName, authorityKeys.private, authorityName, authorityKeys, NOW) {
    it.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
    it.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
  }
  writePem(work.resolve('ca.pem'), 'CERTIFICATE', authority.encoded, false)
  writeStore(work.resolve('trust.p12'), PASSWORD) { it.setCertificateEntry('parley-development-ca', authority) }

  def leaf = { String name, KeyPurposeId[] purposes, Closure more ->
    def keys = newKeys()
    def subject = new X500Name("O=Parley,OU=For development only,CN=${name}")
    def certificate = issue(authorityName, authorityKeys.private, subject, keys, NOW) {
      it.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
      it.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
      it.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
      it.addExtension(Extension.authorityKeyIdentifier, false, new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority))
      more(it)
    }
    writeStore(work.resolve("${name}.p12"), PASSWORD) {
      it.setKeyEntry(name, keys.private, PASSWORD, [certificate, authority] as X509Certificate[])
    }
    [certificate, keys]
  }

  leaf('broker', [KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth] as KeyPurposeId[]) {
    it.addExtension(Extension.subjectAlternativeName, false, new GeneralNames([
        new GeneralName(GeneralName.dNSName, 'localhost'),
        new GeneralName(GeneralName.dNSName, 'broker'),
        new GeneralName(GeneralName.iPAddress, '127.0.0.1'),
        new GeneralName(GeneralName.iPAddress, '::1')] as GeneralName[]))
  }
  ['client01', 'client02', 'controller01'].each { name ->
    def (certificate, keys) = leaf(name, [KeyPurposeId.id_kp_clientAuth] as KeyPurposeId[]) {}
    writePem(work.resolve("${name}.pem"), 'CERTIFICATE', certificate.encoded, false)
    writePem(work.resolve("${name}.key"), 'PRIVATE KEY', keys.private.encoded, true)
  }

  Files.move(work, pki, StandardCopyOption.ATOMIC_MOVE)
} catch (Throwable failure) {
  work.toFile().deleteDir()
  throw failure
}
log.info("Made a development PKI in ${pki}: for development only, its keys are in the clear.")
