package org.parley.identity;

/** Which name of a certificate says who its owner is. */
public enum CertificateName {
  /** The one common name of the subject. */
  CN,
  /** The whole distinguished name of the subject, as RFC 2253 writes it. */
  DN,
  /** The one alternative name that is a DNS name. */
  SAN_DNS,
  /** The one alternative name that is a URI, such as a SPIFFE ID. */
  SAN_URI,
  /** The one alternative name that is an e-mail address. */
  SAN_EMAIL
}
