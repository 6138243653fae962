package org.parley.fault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.V1;
import org.parley.testing.V2;
import org.parley.testing.mqtt.Bytes;

/**
 * What a client has said, in order.
 *
 * @param handshake of the WebSocket that carries it
 * @param packets MQTT packets, or PCP messages
 * @param opcode of the frames in which they are
 */
record Recording(String name, OpeningHandshake handshake, List<byte[]> packets, int opcode) {
  private static final String SELF = "pcp://mutant/agent";
  private static final String BROKER = "pcp:///server";
  private static final int MORE = 0x80;

  static Recording mqtt(String name, byte[] stream) {
    var handshake = OpeningHandshake.of("/mqtt").subprotocol("mqtt");
    return new Recording(name, handshake, packets(stream), Frame.BINARY);
  }

  boolean isMqtt() {
    return name.startsWith("mqtt");
  }

  /** Takes a stream of MQTT apart. */
  private static List<byte[]> packets(byte[] stream) {
    var packets = new ArrayList<byte[]>();
    var rest = ByteBuffer.wrap(stream);
    while (rest.hasRemaining()) {
      var packet = Bytes.empty().u8(rest.get());
      int length = 0;
      int shift = 0;
      int octet;
      do {
        octet = rest.get() & 0xFF;
        packet.u8(octet);
        length |= (octet & ~MORE) << shift;
        shift += 7;
      } while (octet >= MORE);
      var body = new byte[length];
      rest.get(body);
      packets.add(packet.raw(body).toByteArray());
    }
    return List.copyOf(packets);
  }

  /** What agents and controllers with version 2 say. */
  static Recording pcp2() {
    var query = "{\"query\":[\"pcp://mutant/*\"],\"subscribe\":true}";
    var work = "{\"transaction_id\":\"1\",\"module\":\"ping\",\"action\":\"ping\",\"params\":{}}";
    return new Recording(
        "pcp v2",
        OpeningHandshake.of("/pcp2/agent"),
        List.of(
            utf8(V2.message(V2.id(1), V2.INVENTORY_REQUEST, BROKER, query)),
            utf8(V2.message(V2.id(2), "http://puppetlabs.com/rpc_blocking_request", SELF, work)),
            utf8(
                ("{\"data\":{\"transaction_id\":\"1\",\"results\":{\"stdout\":\"\u00e9\"}},\"id\":\"%s\",\"in_reply_to\":\"%s\","
                     + "\"message_type\":\"http://puppetlabs.com/rpc_blocking_response\",\"sender\":\"%s\",\"target\":\"%s\"}")
                    .formatted(V2.id(3), V2.id(2), SELF, SELF)),
            utf8(V2.message(V2.id(4), V2.ERROR, SELF, "\"what\"")),
            utf8(V2.message(V2.id(5), "mutant", "pcp://nobody/agent"))),
        Frame.TEXT);
  }

  /** What agents and controllers with version 1 say. */
  static Recording pcp1() {
    var query = "{\"query\":[\"pcp://mutant/*\"]}";
    return new Recording(
        "pcp v1",
        OpeningHandshake.of("/pcp/agent"),
        List.of(
            V1.message(V2.id(1), "http://puppetlabs.com/associate_request", SELF, BROKER),
            V1.message(V2.id(2), V2.INVENTORY_REQUEST, SELF, BROKER, query),
            V1.message(V2.id(3), "mutant", SELF, SELF, "{\"a\":[1,2,{\"b\":null}]}"),
            V1.frame(
                V1.envelope(V1.envelope(V2.id(4), "mutant", SELF, V1.NEVER, SELF)),
                V1.data("bytes"),
                V1.debug("{\"hops\":[]}")),
            V1.message(V2.id(5), "mutant", SELF, "pcp://nobody/agent")),
        Frame.BINARY);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
