package org.parley.pcp.message;

import java.util.List;
import java.util.Optional;

/**
 * A version 1 message (section 1.3): an envelope, at most one data chunk, any number of debug
 * chunks.
 *
 * @param id names the message
 * @param messageType any text
 * @param targets as many as the sender wrote, none too; wildcards are legal in the format
 * @param originator the envelope's {@code sender}, which this version requires
 * @param expires when it ceases to matter
 * @param destinationReport whether the sender asks who will get it
 * @param inReplyTo {@code in-reply-to}, with hyphens; not in the written specification
 * @param data the content of the data chunk, whatever bytes they are; absent: there is no chunk
 * @param debug the contents of the debug chunks, in order
 */
public record V1Message(
    MessageId id,
    String messageType,
    List<PcpUri> targets,
    PcpUri originator,
    Expiry expires,
    boolean destinationReport,
    Optional<MessageId> inReplyTo,
    Optional<Octets> data,
    List<Octets> debug)
    implements PcpMessage {
  public V1Message {
    targets = List.copyOf(targets);
    debug = List.copyOf(debug);
  }

  @Override
  public Optional<PcpUri> sender() {
    return Optional.of(originator);
  }

  /** Returns this message as deployed clients take it: no report asked for, no debug chunks. */
  public V1Message plain() {
    return destinationReport || !debug.isEmpty()
        ? new V1Message(
            id, messageType, targets, originator, expires, false, inReplyTo, data, List.of())
        : this;
  }

  /** Returns this message with other debug chunks. */
  public V1Message withDebug(List<Octets> chunks) {
    return new V1Message(
        id, messageType, targets, originator, expires, destinationReport, inReplyTo, data, chunks);
  }
}
