package org.parley.pcp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.ErrorTexts;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.V2Message;
import org.parley.session.ClientUri;
import org.parley.session.InventoryChange;
import org.parley.session.InventoryChange.Kind;

/** Section 1.4, "Exact shapes": golden texts of the broker's own messages in version 2. */
class BrokerMessagesTest {
  private static final String U = "11111111-2222-3333-4444-555555555555";
  private static final MessageId REQUEST = new MessageId("AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee");
  private static final ClientUri CLIENT = new ClientUri("client01.example.com", "agent");

  private final BrokerMessages messages = new BrokerMessages(() -> new MessageId(U));
  private final InventoryCodec inventory = new InventoryCodec();

  @Test
  void givenUndecodableInput_whenAnswered_thenErrorWithoutInReplyTo() {
    assertEncoded(
        messages.couldNotDecode(),
        """
        {"id":"U","message_type":"http://puppetlabs.com/error_message",\
        "data":"Could not decode message"}\
        """);
  }

  @Test
  void givenOffendingMessage_whenAnswered_thenErrorWithoutSenderAndTarget() {
    assertEncoded(
        messages.error(ErrorTexts.NOT_CONNECTED, REQUEST),
        """
        {"id":"U","message_type":"http://puppetlabs.com/error_message",\
        "in_reply_to":"R","data":"Not connected."}\
        """);
  }

  @Test
  void givenDeniedMessage_whenAnswered_thenUnauthorizedWithoutData() {
    assertEncoded(
        messages.unauthorized(REQUEST),
        """
        {"id":"U","message_type":"http://puppetlabs.com/unauthorized","in_reply_to":"R"}\
        """);
  }

  @Test
  void givenInventoryRequest_whenAnswered_thenResponseWithoutSender() {
    assertEncoded(
        messages.inventoryResponse(CLIENT, REQUEST, inventory.encodeUris(List.of(CLIENT))),
        """
        {"id":"U","message_type":"http://puppetlabs.com/inventory_response",\
        "target":"pcp://client01.example.com/agent","in_reply_to":"R",\
        "data":{"uris":["pcp://client01.example.com/agent"]}}\
        """);
  }

  @Test
  void givenInventoryChange_whenTold_thenUpdateWithoutInReplyTo() {
    var changes = List.of(new InventoryChange(CLIENT, Kind.ASSOCIATED));

    assertEncoded(
        messages.inventoryUpdate(CLIENT, inventory.encodeChanges(changes, 1_000).getFirst()),
        """
        {"id":"U","message_type":"http://puppetlabs.com/inventory_update",\
        "target":"pcp://client01.example.com/agent",\
        "data":{"changes":[{"client":"pcp://client01.example.com/agent","change":1}]}}\
        """);
  }

  @Test
  void givenAssociateRequest_whenGranted_thenResponseFromTheBroker() {
    assertEncoded(
        messages.associated(CLIENT, REQUEST),
        """
        {"id":"U","message_type":"http://puppetlabs.com/associate_response",\
        "target":"pcp://client01.example.com/agent","sender":"pcp:///server","in_reply_to":"R",\
        "data":{"id":"R","success":true}}\
        """);
  }

  @Test
  void givenAssociateRequest_whenRefused_thenResponseGivesTheReason() {
    assertEncoded(
        messages.associationRefused(CLIENT, REQUEST, ErrorTexts.ALREADY_ASSOCIATED),
        """
        {"id":"U","message_type":"http://puppetlabs.com/associate_response",\
        "target":"pcp://client01.example.com/agent","sender":"pcp:///server","in_reply_to":"R",\
        "data":{"id":"R","success":false,"reason":"Session already associated."}}\
        """);
  }

  @Test
  void givenErrorTexts_whenCompared_thenTheyAreThoseOfTheProtocol() {
    assertThat(
            List.of(
                ErrorTexts.NOT_AUTHENTICATED,
                ErrorTexts.NOT_AUTHORIZED,
                ErrorTexts.MULTIPLE_RECIPIENTS))
        .containsExactly(
            "Message not authenticated.",
            "Message not authorized.",
            "Multiple recipients no longer supported.");
  }

  private static void assertEncoded(V2Message message, String golden) {
    assertThat(new PcpV2Codec().encode(message))
        .isEqualTo(
            golden.replace("\"U\"", "\"" + U + "\"").replace("\"R\"", "\"" + REQUEST + "\""));
  }
}
