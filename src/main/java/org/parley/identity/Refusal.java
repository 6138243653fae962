package org.parley.identity;

/** Why a certificate chain names no usable identity. */
public enum Refusal {
  NO_CERTIFICATE,
  CHAIN_TOO_LONG,
  UNREADABLE_CERTIFICATE,
  NOT_YET_VALID,
  EXPIRED,
  WEAK_KEY,
  WEAK_SIGNATURE,
  CERTIFICATE_AUTHORITY,
  ISSUER_NOT_AUTHORITY,
  NOT_FOR_CLIENT_AUTHENTICATION,
  NOT_FOR_SIGNATURES,
  NO_COMMON_NAME,
  SEVERAL_COMMON_NAMES,
  FORBIDDEN_COMMON_NAME,
  /** None of the kind that identifies, where that is not the common name. */
  NO_NAME,
  SEVERAL_NAMES,
  FORBIDDEN_NAME
}
