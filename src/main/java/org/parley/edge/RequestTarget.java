package org.parley.edge;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.parley.edge.metrics.MetricsServlet;
import org.parley.edge.status.StatusServlet;
import org.parley.session.Protocol;

/**
 * What the raw path of a request asks for. Decided before any container decodes it: what reaches
 * the endpoints has one spelling only.
 */
sealed interface RequestTarget {
  /**
   * A PCP session.
   *
   * @param protocol what the path is for
   * @param path the endpoint's path, with the client_type written out
   */
  record Pcp(Protocol protocol, String clientType, String path) implements RequestTarget {}

  /** MQTT over a WebSocket. */
  record Mqtt() implements RequestTarget {}

  /** A page: status or metrics; no session. */
  record Page() implements RequestTarget {}

  /** Nothing of ours. */
  record Unknown() implements RequestTarget {}

  /** One of our paths, misspelled: a client_type that cannot be one. */
  record Malformed() implements RequestTarget {}

  /** The client_type of a path without one. */
  String DEFAULT_CLIENT_TYPE = "agent";

  Pattern CLIENT_TYPE = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

  /** The one path that the endpoint is mapped to. */
  String ENDPOINT = "/pcp2/";

  /** The path of MQTT: it has no meaning for the protocol (MQTT 5.0 section 6). */
  String MQTT_PATH = "/mqtt";

  /** A mount point: the path that a protocol is spoken on. */
  record Mount(String path, Protocol protocol) {}

  List<Mount> MOUNTS =
      List.of(new Mount("/pcp2", Protocol.PCP_V2), new Mount("/pcp", Protocol.PCP_V1));

  /**
   * Reads a raw path.
   *
   * @param rawPath the path of the request target as it came, without query and context path
   */
  static RequestTarget of(String rawPath) {
    for (var mount : MOUNTS) {
      if (rawPath.equals(mount.path) || rawPath.equals(mount.path + "/")) {
        return pcp(mount, DEFAULT_CLIENT_TYPE);
      }
      if (rawPath.startsWith(mount.path + "/")) {
        return below(mount, rawPath.substring(mount.path.length() + 1));
      }
    }
    if (rawPath.equals(MQTT_PATH)) {
      return new Mqtt();
    }
    return StatusServlet.serves(rawPath) || rawPath.equals(MetricsServlet.PATH)
        ? new Page()
        : new Unknown();
  }

  private static RequestTarget below(Mount mount, String segment) {
    if (segment.indexOf('/') >= 0) {
      return new Unknown();
    }
    return decodeOnce(segment)
        .filter(clientType -> CLIENT_TYPE.matcher(clientType).matches())
        .filter(clientType -> clientType.chars().anyMatch(c -> c != '.'))
        .<RequestTarget>map(clientType -> pcp(mount, clientType))
        .orElseGet(Malformed::new);
  }

  private static RequestTarget pcp(Mount mount, String clientType) {
    return new Pcp(mount.protocol, clientType, ENDPOINT + clientType);
  }

  /** Decodes percent triplets, once, each to one character: only ASCII can be right. */
  private static Optional<String> decodeOnce(String segment) {
    var decoded = new StringBuilder(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c != '%') {
        decoded.append(c);
        continue;
      }
      if (i + 2 >= segment.length()
          || !HexFormat.isHexDigit(segment.charAt(i + 1))
          || !HexFormat.isHexDigit(segment.charAt(i + 2))) {
        return Optional.empty();
      }
      decoded.append((char) HexFormat.fromHexDigits(segment, i + 1, i + 3));
      i += 2;
    }
    return Optional.of(decoded.toString());
  }
}
