package org.parley.pcp.message;

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
  public PcpMessage couldNotDecode() {
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
  public PcpMessage error(String description, MessageId inReplyTo) {
    return message(
        MessageTypes.ERROR_MESSAGE,
        Optional.empty(),
        Optional.of(inReplyTo),
        Optional.of(JsonText.string(description)));
  }

  /** Returns {@code unauthorized}: no data. */
  public PcpMessage unauthorized(MessageId inReplyTo) {
    return message(
        MessageTypes.UNAUTHORIZED, Optional.empty(), Optional.of(inReplyTo), Optional.empty());
  }

  /**
   * Returns an {@code inventory_response}.
   *
   * @param uris {@code {"uris":[...]}}
   */
  public PcpMessage inventoryResponse(ClientUri target, MessageId inReplyTo, JsonText uris) {
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
  public PcpMessage inventoryUpdate(ClientUri target, JsonText changes) {
    return message(
        MessageTypes.INVENTORY_UPDATE,
        Optional.of(PcpUri.of(target)),
        Optional.empty(),
        Optional.of(changes));
  }

  /** Returns the {@code associate_response} that says yes. */
  public PcpMessage associated(ClientUri target, MessageId inReplyTo) {
    return associateResponse(
        target, inReplyTo, new JsonText("{\"id\":\"" + inReplyTo.text() + "\",\"success\":true}"));
  }

  /**
   * Returns the {@code associate_response} that says no; the session is to be closed with 4002.
   *
   * @param reason one of {@link ErrorTexts}
   */
  public PcpMessage associationRefused(ClientUri target, MessageId inReplyTo, String reason) {
    var out = new StringBuilder(128);
    out.append("{\"id\":\"").append(inReplyTo.text()).append("\",\"success\":false,\"reason\":");
    JsonText.appendString(out, reason);
    return associateResponse(target, inReplyTo, new JsonText(out.append('}').toString()));
  }

  private PcpMessage associateResponse(ClientUri target, MessageId inReplyTo, JsonText data) {
    return message(
            MessageTypes.ASSOCIATE_RESPONSE,
            Optional.of(PcpUri.of(target)),
            Optional.of(inReplyTo),
            Optional.of(data))
        .withSender(PcpUri.BROKER);
  }

  private PcpMessage message(
      String type,
      Optional<PcpUri> target,
      Optional<MessageId> inReplyTo,
      Optional<JsonText> data) {
    return new PcpMessage(ids.get(), type, target, Optional.empty(), inReplyTo, data);
  }
}
