package org.parley.edge.accesslog;

import java.util.List;
import java.util.Optional;
import org.parley.core.CloseReason;
import org.parley.core.Connection;
import org.parley.core.ConnectionId;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue.Offer;
import org.parley.core.RecordingConnection;
import org.parley.core.WireMeter;
import org.parley.core.WireStatus;
import org.parley.pcp.broker.Outcome;
import org.parley.pcp.message.Expiry;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.pcp.message.Octets;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.TestSessions;

/** Entries of messages that a made-up peer sent at a fixed time. */
final class Entries {
  static final String ID = "11111111-1111-4111-8111-111111111111";
  static final long TIME = 1_767_225_600_123L;
  static final String TIME_TEXT = "2026-01-01T00:00:00.123Z";

  private Entries() {}

  static ClientSession session(String address, int port) {
    return TestSessions.session(
        new ClientUri("client01", "agent"), new AddressedConnection(address, port));
  }

  static AccessLogEntry entry(Outcome outcome, Optional<PcpMessage> message) {
    return AccessLogEntry.of(TIME, outcome, session("192.0.2.1", 50_123), message);
  }

  static AccessLogEntry undecodable() {
    return entry(Outcome.UNDECODABLE, Optional.empty());
  }

  static AccessLogEntry delivered(PcpMessage message) {
    return entry(Outcome.DELIVERED, Optional.of(message));
  }

  /** A version 2 message without a sender, with two characters of data. */
  static V2Message message(String messageType, String target) {
    return new V2Message(
        new MessageId(ID),
        messageType,
        Optional.of(new PcpUri(target)),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new JsonText("{}")));
  }

  static V2Message from(String sender) {
    return message("example", "pcp://client02/agent").withSender(new PcpUri(sender));
  }

  /** A version 1 message, with three bytes of data. */
  static V1Message v1(List<String> targets) {
    return new V1Message(
        new MessageId(ID),
        "example",
        targets.stream().map(PcpUri::new).toList(),
        new PcpUri("pcp://client01/agent"),
        Expiry.EPOCH,
        false,
        Optional.empty(),
        Optional.of(Octets.of("abc")),
        List.of());
  }

  /** A connection from somewhere. */
  private record AddressedConnection(
      String remoteAddress, int remotePort, RecordingConnection connection) implements Connection {
    AddressedConnection(String remoteAddress, int remotePort) {
      this(remoteAddress, remotePort, new RecordingConnection());
    }

    @Override
    public ConnectionId id() {
      return connection.id();
    }

    @Override
    public Offer send(Outbound message, Runnable onLost) {
      return connection.send(message, onLost);
    }

    @Override
    public void ping() {
      connection.ping();
    }

    @Override
    public void close(CloseReason reason) {
      connection.close(reason);
    }

    @Override
    public Optional<CloseReason> closedFor() {
      return connection.closedFor();
    }

    @Override
    public WireMeter meter() {
      return connection.meter();
    }

    @Override
    public WireStatus wire() {
      return connection.wire();
    }

    @Override
    public boolean congested() {
      return connection.congested();
    }
  }
}
