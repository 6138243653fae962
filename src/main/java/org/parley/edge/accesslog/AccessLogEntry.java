package org.parley.edge.accesslog;

import java.util.List;
import java.util.Optional;
import org.parley.pcp.broker.Outcome;
import org.parley.pcp.message.PcpMessage;
import org.parley.pcp.message.PcpUri;
import org.parley.pcp.message.V1Message;
import org.parley.pcp.message.V2Message;
import org.parley.session.ClientSession;
import org.parley.session.Protocol;

/**
 * What one line says. Holds no data of the message and no more than {@link #MOST_TARGETS} texts of
 * {@link #LONGEST} characters, so that a full queue of entries has a known size.
 *
 * @param timeMillis since the epoch
 * @param remoteAddress the peer's IP address
 * @param remotePort 0: not known
 * @param commonName of the peer's certificate
 * @param uri of the peer's session
 * @param protocol what the session speaks
 * @param message empty when it could not be decoded
 */
record AccessLogEntry(
    long timeMillis,
    Outcome outcome,
    String remoteAddress,
    int remotePort,
    String commonName,
    String uri,
    Protocol protocol,
    Optional<Head> message) {
  /** Characters of a text that are kept; {@code ...} stands for the rest. */
  static final int LONGEST = 512;

  /** Targets that are kept; their whole number is kept too. */
  static final int MOST_TARGETS = 4;

  /**
   * What a message says about itself.
   *
   * @param sender that the message names, or else the session's URI, as the broker fills it in
   * @param targets the first ones
   * @param targetCount how many there are in all
   * @param dataLength of the body: bytes in version 1, characters in version 2; 0: none
   */
  record Head(
      String id,
      String messageType,
      String sender,
      List<String> targets,
      int targetCount,
      int dataLength) {}

  static AccessLogEntry of(
      long timeMillis, Outcome outcome, ClientSession session, Optional<PcpMessage> message) {
    var connection = session.connection();
    var uri = session.uri();
    return new AccessLogEntry(
        timeMillis,
        outcome,
        connection.remoteAddress(),
        connection.remotePort(),
        uri.commonName(),
        uri.toString(),
        session.protocol(),
        message.map(sent -> head(sent, uri.toString())));
  }

  /** Returns whether the line is a warning, by what pcp-broker makes one. */
  boolean isWarning() {
    return outcome.classic() != Outcome.Classic.AUTHORIZATION_SUCCESS;
  }

  private static Head head(PcpMessage message, String own) {
    var targets = message.targets();
    return new Head(
        message.id().text(),
        cut(message.messageType()),
        cut(message.sender().map(PcpUri::text).orElse(own)),
        targets.stream().limit(MOST_TARGETS).map(target -> cut(target.text())).toList(),
        targets.size(),
        dataLength(message));
  }

  private static int dataLength(PcpMessage message) {
    return switch (message) {
      case V1Message v1 -> v1.data().map(data -> data.size()).orElse(0);
      case V2Message v2 -> v2.data().map(data -> data.text().length()).orElse(0);
    };
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
