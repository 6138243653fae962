package org.parley.fault;

/** What is done to the broker, and to the ways to it. */
enum Fault {
  /** Connections of well-behaved clients are cut. */
  RESET,
  /** Nothing passes on them for some seconds. */
  STALL,
  /** Nothing passes on them any more, and nobody is told. */
  HALF_OPEN,
  /** Peers connect and then neither read nor write. */
  SILENT_PEERS,
  /** Peers say a byte a second. */
  SLOWLORIS,
  /** The broker gets another key and certificate. */
  BROKER_KEY,
  /** Another authority is trusted, or is not any more. */
  AUTHORITY,
  /** A certificate is revoked. */
  REVOKED,
  /** The CRL file is none for a while. */
  CRL_GARBAGE,
  /** Another policy. */
  POLICY,
  /** The policy file cannot be read for a while. */
  POLICY_GARBAGE,
  /** The wall clock steps by an hour, or back. */
  CLOCK,
  /** Less is left on the disk than the reserve, for a while. */
  DISK_RESERVE,
  /** Nothing is left on the disk, until the broker is started again. */
  DISK_FULL,
  /** kill -9, and a start. */
  KILL;

  /** Returns whether the broker is started again. */
  boolean restarts() {
    return this == KILL || this == DISK_FULL;
  }
}
