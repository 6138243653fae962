package org.parley.pcp.broker;

import static org.parley.pcp.broker.BrokerFixture.BROKER_ID;
import static org.parley.pcp.broker.BrokerFixture.ID;

import org.parley.session.ClientSession;
import org.parley.testing.V1;

/** What version 1 peers send, and exactly what they hear, one character a byte. */
final class V1Frames {
  static final String SENDER = "pcp://client01/agent";
  private static final String NAMESPACE = "http://puppetlabs.com/";

  private V1Frames() {}

  /** A message of {@link #SENDER} with {@link BrokerFixture#ID} and data. */
  static byte[] message(String type, String data, String... targets) {
    return V1.frame(V1.envelope(envelope(type, targets)), V1.data(data));
  }

  /** The same with more fields, comma first, and any chunks. */
  static byte[] frame(String envelope, String fields, byte[]... chunks) {
    var all = new byte[chunks.length + 1][];
    all[0] = V1.envelope(envelope.substring(0, envelope.length() - 1) + fields + "}");
    System.arraycopy(chunks, 0, all, 1, chunks.length);
    return V1.frame(all);
  }

  /** The envelope of a message of {@link #SENDER} that does not expire. */
  static String envelope(String type, String... targets) {
    return V1.envelope(ID, type, SENDER, V1.NEVER, targets);
  }

  /** A request to the broker, which is right except for what is given. */
  static byte[] associate(String sender, String expires) {
    return V1.frame(
        V1.envelope(
            V1.envelope(ID, NAMESPACE + "associate_request", sender, expires, "pcp:///server")));
  }

  /** The exact error message that answers {@link BrokerFixture#ID}. */
  static String error(String description) {
    return own(
        "error_message", "", "{\"id\":\"" + ID + "\",\"description\":\"" + description + "\"}");
  }

  static String couldNotDecode() {
    return own("error_message", "", "{\"description\":\"Could not decode message\"}");
  }

  static String associateResponse(String data) {
    return own("associate_response", "", "{\"id\":\"" + ID + "\"," + data + "}", SENDER);
  }

  static String ttlExpired() {
    return own("ttl_expired", "", "{\"id\":\"" + ID + "\"}", SENDER);
  }

  /** The exact report of receivers, each in quotes, with commas. */
  static String destinationReport(String receivers) {
    return own(
        "destination_report",
        "",
        "{\"id\":\"" + ID + "\",\"targets\":[" + receivers + "]}",
        SENDER);
  }

  static String inventoryResponse(ClientSession session, String uris) {
    return own(
        "inventory_response",
        ",\"in-reply-to\":\"" + ID + "\"",
        "{\"uris\":[" + uris + "]}",
        session.uri().toString());
  }

  static String inventoryUpdate(ClientSession session, String changes) {
    return own("inventory_update", "", "{\"changes\":[" + changes + "]}", session.uri().toString());
  }

  private static String own(String type, String fields, String data, String... targets) {
    var envelope = V1.envelope(BROKER_ID, NAMESPACE + type, "pcp:///server", V1.EPOCH, targets);
    return V1.latin(frame(envelope, fields, V1.data(data)));
  }
}
