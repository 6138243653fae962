package org.parley.mqtt.broker;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.mqtt.packet.Publish;

/** A message as it is owed to one session, or to one member of a group. */
final class ExpectedCopy {
  /** How far it has come. */
  enum Stage {
    OWED,
    SENT,
    RECEIVED,
    DONE
  }

  /** A message that was published at some time. */
  record Publication(Said.Content content, long receivedAt) {
    long expiresAt() {
      return content.expirySeconds() < 0
          ? Long.MAX_VALUE
          : receivedAt + content.expirySeconds() * 1000;
    }

    boolean isExpired(long now) {
      return now >= expiresAt() && !content.isImmediate();
    }
  }

  final Publication publication;
  final ExpectedSession session;

  /** Its place in the order of everything that happens; copies of one SUBSCRIBE have one. */
  final long place;

  final int qos;
  final boolean retain;

  /** It is a retained message, for a new subscription. */
  final boolean replayed;

  final Set<Integer> ids;
  final @Nullable ExpectedShare share;

  /** The connection that alone may send it; QoS 0. */
  final @Nullable ExpectedConnection only;

  Stage stage = Stage.OWED;
  int packetId;
  @Nullable ExpectedConnection sentOn;

  /** How often the client has handed it on. */
  int handedOn;

  private boolean optional;

  ExpectedCopy(
      Publication publication,
      ExpectedSession session,
      long place,
      int qos,
      boolean retain,
      boolean replayed,
      Set<Integer> ids,
      @Nullable ExpectedShare share) {
    this.publication = publication;
    this.session = session;
    this.place = place;
    this.qos = qos;
    this.retain = retain;
    this.replayed = replayed;
    this.ids = ids;
    this.share = share;
    this.only = qos == 0 ? session.connection : null;
    this.optional = qos > 0 && publication.content().isImmediate();
  }

  /** It may be lost. */
  void excuse() {
    optional = true;
    if (share != null) {
      share.optional = true;
    }
  }

  /** Returns whether it has to arrive still. */
  boolean isDue(long now) {
    return !optional
        && (share == null || !share.optional)
        && !(stage == Stage.OWED && publication.isExpired(now));
  }

  /** Returns whether it may have gone another way than the others. */
  boolean wasMoved() {
    return share != null && share.moved;
  }

  /** Returns whether a PUBLISH is this copy, as far as its version can tell. */
  boolean isIn(Publish publish, String topic, String payload, ProtocolVersion version, long now) {
    boolean v5 = version == ProtocolVersion.V5;
    var content = publication.content();
    return content.payload().equals(payload)
        && content.topic().equals(topic)
        && qos == publish.qos().value()
        && (retain && (v5 || replayed)) == publish.retain()
        && (!v5 || ids.equals(Set.copyOf(publish.subscriptionIds())))
        && hasExpiry(publish, v5 ? content.expirySeconds() : Said.NO_EXPIRY, now);
  }

  /** MQTT 5.0 section 3.3.2.3.3. */
  private boolean hasExpiry(Publish publish, long asked, long now) {
    if (stage == Stage.OWED && publication.isExpired(now) && !publish.dup()) {
      return false;
    }
    var told = publish.properties().messageExpiry();
    if (asked < 0) {
      return told.isEmpty();
    }
    long waited = now - publication.receivedAt();
    return told.isPresent()
        && told.getAsLong() >= Math.max(0, asked - (waited + 999) / 1000)
        && told.getAsLong() <= Math.max(0, asked - waited / 1000);
  }

  @Override
  public String toString() {
    return publication.content()
        + " as QoS "
        + qos
        + (retain ? " retain" : "")
        + (replayed ? " replayed" : "")
        + " ids "
        + ids
        + (share == null ? "" : " of " + share.group)
        + " for "
        + session.clientId
        + ", "
        + stage
        + " "
        + packetId
        + " on "
        + sentOn
        + (optional || (share != null && share.optional) ? " (optional)" : "");
  }
}
