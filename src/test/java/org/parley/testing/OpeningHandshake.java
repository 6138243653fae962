package org.parley.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The client's side of the opening handshake (RFC 6455 section 4.1); every part can be wrong. */
public final class OpeningHandshake {
  private String requestLine;
  private final List<String> headers = new ArrayList<>();

  private OpeningHandshake(String requestLine) {
    this.requestLine = requestLine;
  }

  /** A handshake as it should be, for a raw path that is sent as it stands. */
  public static OpeningHandshake of(String path) {
    return new OpeningHandshake("GET " + path + " HTTP/1.1")
        .header("Host", "localhost")
        .header("Upgrade", "websocket")
        .header("Connection", "Upgrade")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Version", "13");
  }

  /** Replaces the whole request line. */
  public OpeningHandshake requestLine(String line) {
    requestLine = line;
    return this;
  }

  /** Adds a header, a second one of this name if there is one. */
  public OpeningHandshake header(String name, String value) {
    headers.add(name + ": " + value);
    return this;
  }

  /** Removes all headers of this name. */
  public OpeningHandshake without(String name) {
    headers.removeIf(header -> header.regionMatches(true, 0, name + ":", 0, name.length() + 1));
    return this;
  }

  /** Replaces a header. */
  public OpeningHandshake with(String name, String value) {
    return without(name).header(name, value);
  }

  /** Offers a subprotocol. */
  public OpeningHandshake subprotocol(String name) {
    return header("Sec-WebSocket-Protocol", name);
  }

  /** The request as bytes. */
  public byte[] encode() {
    var lines = headers.stream().map(header -> header + "\r\n").collect(Collectors.joining());
    return (requestLine + "\r\n" + lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
