package org.parley.pcp.message;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import org.parley.session.ClientUri;

/**
 * Makes the messages that the broker itself sends, in the shapes of section 1.4 ("Exact shapes").
 * Errors have neither sender nor target; only {@code associate_response} has a sender. Version 1
 * fills in what its envelope needs.
 */
public final class BrokerMessages {
  private final Supplier<MessageId> ids;

  /**
   * Makes a source of messages.
   *
   * @param ids gives each message its own {@code id}; {@link MessageId#random} outside tests
   */
  public BrokerMessages(Supplier<MessageId> ids) {
    this.ids = ids;
  }

  /** Returns the answer to input that is no message: nothing to reply to is known. */
  public V2Message couldNotDecode() {
    return message(
        MessageTypes.ERROR_MESSAGE,
        Optional.empty(),
        Optional.empty(),
        Optional.of(JsonText.string(ErrorTexts.COULD_NOT_DECODE)));
  }

  /**
   * Returns an {@code error_message}.
   *
   * @param description one of {@link ErrorTexts}, or one line fit for a peer
   * @param inReplyTo the offending message
   */
  public V2Message error(String description, MessageId inReplyTo) {
    return message(
        MessageTypes.ERROR_MESSAGE,
        Optional.empty(),
        Optional.of(inReplyTo),
        Optional.of(JsonText.string(description)));
  }

  /** Returns {@code unauthorized}: no data. */
  public V2Message unauthorized(MessageId inReplyTo) {
    return message(
        MessageTypes.UNAUTHORIZED, Optional.empty(), Optional.of(inReplyTo), Optional.empty());
  }

  /**
   * Returns an {@code inventory_response}.
   *
   * @param uris {@code {"uris":[...]}}
   */
  public V2Message inventoryResponse(ClientUri target, MessageId inReplyTo, JsonText uris) {
    return message(
        MessageTypes.INVENTORY_RESPONSE,
        Optional.of(PcpUri.of(target)),
        Optional.of(inReplyTo),
        Optional.of(uris));
  }

  /**
   * Returns an {@code inventory_update}.
   *
   * @param changes {@code {"changes":[...]}}
   */
  public V2Message inventoryUpdate(ClientUri target, JsonText changes) {
    return message(
        MessageTypes.INVENTORY_UPDATE,
        Optional.of(PcpUri.of(target)),
        Optional.empty(),
        Optional.of(changes));
  }

  /** Returns the {@code associate_response} that says yes. */
  public V2Message associated(ClientUri target, MessageId inReplyTo) {
    return associateResponse(
        target, inReplyTo, new JsonText("{\"id\":\"" + inReplyTo.text() + "\",\"success\":true}"));
  }

  /**
   * Returns the {@code associate_response} that says no; the session is to be closed with 4002.
   *
   * @param reason one of {@link ErrorTexts}
   */
  public V2Message associationRefused(ClientUri target, MessageId inReplyTo, String reason) {
    var out = new StringBuilder(128);
    out.append("{\"id\":\"").append(inReplyTo.text()).append("\",\"success\":false,\"reason\":");
    JsonText.appendString(out, reason);
    return associateResponse(target, inReplyTo, new JsonText(out.append('}').toString()));
  }

  /**
   * Returns a {@code ttl_expired}, which only version 1 has.
   *
   * @param expired the message that came too late
   */
  public V2Message ttlExpired(ClientUri target, MessageId expired) {
    return message(
        MessageTypes.TTL_EXPIRED,
        Optional.of(PcpUri.of(target)),
        Optional.of(expired),
        Optional.of(new JsonText("{\"id\":\"" + expired.text() + "\"}")));
  }

  /**
   * Returns a {@code destination_report}, which only version 1 has.
   *
   * @param reported the message that asked for it
   * @param receivers who gets that message, wildcards expanded
   */
  public V2Message destinationReport(
      ClientUri target, MessageId reported, Collection<ClientUri> receivers) {
    var out = new StringBuilder(64 + 40 * receivers.size());
    out.append("{\"id\":\"").append(reported.text()).append("\",\"targets\":[");
    var separator = "";
    for (var receiver : receivers) {
      JsonText.appendString(out.append(separator), receiver.toString());
      separator = ",";
    }
    return message(
        MessageTypes.DESTINATION_REPORT,
        Optional.of(PcpUri.of(target)),
        Optional.of(reported),
        Optional.of(new JsonText(out.append("]}").toString())));
  }

  private V2Message associateResponse(ClientUri target, MessageId inReplyTo, JsonText data) {
    return message(
            MessageTypes.ASSOCIATE_RESPONSE,
            Optional.of(PcpUri.of(target)),
            Optional.of(inReplyTo),
            Optional.of(data))
        .withSender(PcpUri.BROKER);
  }

  private V2Message message(
      String type,
      Optional<PcpUri> target,
      Optional<MessageId> inReplyTo,
      Optional<JsonText> data) {
    return new V2Message(ids.get(), type, target, Optional.empty(), inReplyTo, data);
  }
}
