package org.parley.websocket;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The checks of a client's opening handshake, RFC 6455 section 4.2.1. */
final class OpeningHandshake {
  static final String VERSION = "13";

  private static final int KEY_BYTES = 16;
  private static final int KEY_CHARACTERS = 24;

  /** Why a handshake is refused: an HTTP status, a fixed text, at most one header. */
  enum Refusal {
    METHOD(405, "A WebSocket handshake is a GET request.", "Allow", "GET"),
    HTTP_VERSION(400, "A WebSocket handshake needs HTTP/1.1."),
    CONNECTION(400, "A WebSocket handshake needs Connection: Upgrade and Upgrade: websocket."),
    PROTOCOL_VERSION(426, "WebSocket version 13 is spoken here.", "Sec-WebSocket-Version", VERSION),
    KEY(400, "Sec-WebSocket-Key is not 16 bytes in base64."),
    TARGET(400, "Malformed request target."),
    ENGINE(400, "WebSocket handshake refused."),
    FAULT(500, "WebSocket handshake failed."),
    STOPPING(503, "The broker is stopping.");

    private final int status;
    private final String text;
    private final @Nullable String header;
    private final @Nullable String value;

    Refusal(int status, String text) {
      this(status, text, null, null);
    }

    Refusal(int status, String text, @Nullable String header, @Nullable String value) {
      this.status = status;
      this.text = text;
      this.header = header;
      this.value = value;
    }

    int status() {
      return status;
    }

    String text() {
      return text;
    }

    @Nullable String header() {
      return header;
    }

    @Nullable String value() {
      return value;
    }
  }

  private OpeningHandshake() {}

  /** Tells whether a request asks for a WebSocket, well or badly. */
  static boolean askedBy(HttpServletRequest request) {
    return hasToken(request, "Upgrade", "websocket")
        || request.getHeader("Sec-WebSocket-Key") != null;
  }

  /** Returns why the handshake must be refused, or null. */
  static @Nullable Refusal check(HttpServletRequest request) {
    if (!request.getMethod().equals("GET")) {
      return Refusal.METHOD;
    }
    if (!request.getProtocol().equals("HTTP/1.1")) {
      return Refusal.HTTP_VERSION;
    }
    // The engine passes over a handshake that asks for more than a WebSocket, or twice.
    List<String> protocols = values(request, "Upgrade");
    if (!hasToken(request, "Connection", "upgrade")
        || protocols.size() != 1
        || !protocols.getFirst().equalsIgnoreCase("websocket")) {
      return Refusal.CONNECTION;
    }
    if (!values(request, "Sec-WebSocket-Version").equals(List.of(VERSION))) {
      return Refusal.PROTOCOL_VERSION;
    }
    List<String> keys = values(request, "Sec-WebSocket-Key");
    return keys.size() == 1 && isKey(keys.getFirst()) ? null : Refusal.KEY;
  }

  private static boolean isKey(String key) {
    try {
      // The decoder would do without the padding.
      return key.length() == KEY_CHARACTERS && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static List<String> values(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name)).stream().map(String::trim).toList();
  }

  private static boolean hasToken(HttpServletRequest request, String name, String token) {
    for (String value : Collections.list(request.getHeaders(name))) {
      for (String element : value.split(",", -1)) {
        if (element.trim().toLowerCase(Locale.ROOT).equals(token)) {
          return true;
        }
      }
    }
    return false;
  }
}
