package org.parley.audit;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Who did it, as far as that is known. Nothing in here is a secret.
 *
 * @param protocol the label of what it speaks, such as {@code pcp-v2} or {@code mqtt-v5}
 * @param listener what brings it: {@code tcp}, {@code tls}, {@code ws} or {@code wss}
 * @param remotePort 0: not known
 * @param identity what it has proved to be: the name in its certificate, or else its user name
 * @param userName that it gives, if that is not its identity; proved or not
 * @param serial the serial number of its certificate, lower-case hexadecimal
 * @param client its Client Identifier or PCP URI
 */
public record AuditPeer(
    String protocol,
    String listener,
    String remoteAddress,
    int remotePort,
    Optional<String> identity,
    Optional<String> userName,
    Optional<String> serial,
    Optional<String> client) {

  /** Returns the serial number of the first certificate, as {@link #serial} has it. */
  public static Optional<String> serial(List<X509Certificate> chain) {
    return chain.stream().findFirst().map(own -> own.getSerialNumber().toString(16));
  }
}
