package org.parley.testing.crash;

/** What a broker must not do. */
public enum Fault {
  /** An acknowledged message did not get to somebody who had subscribed before. */
  MESSAGE_LOST(true),
  /** A message came under the identifier of another one that the client has open. */
  MESSAGE_SWALLOWED(true),
  SESSION_LOST(true),
  SUBSCRIPTION_LOST(true),
  /** A retained message is older than the last acknowledged one, or not there. */
  RETAINED_LOST(true),
  /** What was acknowledged as gone is there again. */
  COME_BACK(true),
  /** A QoS 2 message was delivered a second time. */
  TWICE(false),
  /** A message was delivered after a later one of its publisher and QoS. */
  OUT_OF_ORDER(false),
  /** A message that was sent before came again without DUP. */
  WITHOUT_DUP(false),
  /** An acknowledgement of something that is not open. */
  UNASKED(false),
  /** A reason code of 0x80 or more. */
  REFUSED(false),
  /** Not a word for a long time. */
  SILENT(false),
  /** What the standard does not allow. */
  NOT_MQTT(false);

  private final boolean loss;

  Fault(boolean loss) {
    this.loss = loss;
  }

  /** Returns whether something is gone, or back, that was acknowledged otherwise. */
  public boolean isLoss() {
    return loss;
  }
}
