package org.parley.pcp.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.parley.pcp.message.Expiry;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.MessageTypes;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;

/** Random messages, the same for the same seed. */
final class V1Samples {
  private static final String[] TYPES = {
    "",
    "t",
    "http://puppetlabs.com/rpc_blocking_request",
    MessageTypes.INVENTORY_RESPONSE,
    "\u00e9\"\\"
  };
  private static final String[] URIS = {
    "pcp:///server", "pcp://c/agent", "pcp://*/agent", "pcp://\u4e2d \"/x\\", "pcp://a.b-c/*"
  };
  private static final String[] EXPIRES = {
    "2030-01-31T12:00:00Z", "2030-01-31T12:00:00.250Z", "2030-01-31T12:00:00.123456+01:00"
  };

  private final JsonSamples json;

  V1Samples(long seed) {
    json = new JsonSamples(seed);
  }

  int below(int bound) {
    return json.below(bound);
  }

  /** Returns a message whose data and debug chunks are any bytes. */
  V1Message message() {
    return message(maybe(octets()), below(3) == 0 ? debug() : List.of());
  }

  /** Returns a message without debug chunks whose data is JSON. */
  V1Message jsonMessage() {
    return message(maybe(Octets.of(json.space() + json.value(3) + json.space())), List.of());
  }

  private V1Message message(Optional<Octets> data, List<Octets> debug) {
    var targets = new ArrayList<PcpUri>();
    for (int i = below(4); i > 0; i--) {
      targets.add(uri());
    }
    return new V1Message(
        id(),
        TYPES[below(TYPES.length)],
        targets,
        uri(),
        Expiry.parse(EXPIRES[below(EXPIRES.length)]).orElseThrow(),
        below(2) == 0,
        maybe(id()),
        data,
        debug);
  }

  /** Returns a message of version 2 as it is relayed: with sender and target. */
  V2Message relayed() {
    return new V2Message(
        id(),
        TYPES[below(TYPES.length)],
        Optional.of(uri()),
        Optional.of(uri()),
        maybe(id()),
        maybe(new JsonText(json.value(3))));
  }

  private List<Octets> debug() {
    var chunks = new ArrayList<Octets>();
    for (int i = below(4); i > 0; i--) {
      chunks.add(octets());
    }
    return chunks;
  }

  private Octets octets() {
    var bytes = new byte[below(40)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) below(256);
    }
    return Octets.of(ByteBuffer.wrap(bytes));
  }

  MessageId id() {
    return new MessageId("%08x-89ab-cdef-0123-456789abcdef".formatted(below(Integer.MAX_VALUE)));
  }

  PcpUri uri() {
    return new PcpUri(URIS[below(URIS.length)]);
  }

  private <T> Optional<T> maybe(T value) {
    return below(3) == 0 ? Optional.empty() : Optional.of(value);
  }
}
