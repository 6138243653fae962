package org.parley.websocket.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The checks of a client's opening handshake, RFC 6455 section 4.2.1. */
public final class OpeningHandshake {
  public static final String VERSION = "13";

  /** The header of the client's nonce. */
  public static final String KEY = "Sec-WebSocket-Key";

  /** What the nonce is joined with. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int KEY_BYTES = 16;
  private static final int KEY_CHARACTERS = 24;

  /** The client's part of it. */
  public interface Request {
    String method();

    /** Returns such as {@code HTTP/1.1}. */
    String protocol();

    /** Returns the values of a header as they came, one for each line. */
    List<String> headers(String name);
  }

  /** Why a handshake is refused: an HTTP status, a fixed text, headers. */
  public enum Refusal {
    METHOD(405, "A WebSocket handshake is a GET request."),
    HTTP_VERSION(400, "A WebSocket handshake needs HTTP/1.1."),
    HOST(400, "A request has one Host header."),
    CONNECTION(400, "A WebSocket handshake needs Connection: Upgrade and Upgrade: websocket."),
    PROTOCOL_VERSION(426, "WebSocket version 13 is spoken here."),
    KEY(400, "Sec-WebSocket-Key is not 16 bytes in base64."),
    TARGET(400, "Malformed request target."),
    ENGINE(400, "WebSocket handshake refused."),
    FAULT(500, "WebSocket handshake failed."),
    STOPPING(503, "The broker is stopping.");

    private final int status;
    private final String text;

    Refusal(int status, String text) {
      this.status = status;
      this.text = text;
    }

    public int status() {
      return status;
    }

    public String text() {
      return text;
    }

    /** Returns what the answer has beside the headers of its content. */
    public Map<String, String> headers() {
      return switch (this) {
        case METHOD -> Map.of("Allow", "GET");
        case PROTOCOL_VERSION -> Map.of("Sec-WebSocket-Version", VERSION, "Upgrade", "websocket");
        default -> Map.of();
      };
    }
  }

  private OpeningHandshake() {}

  /** Tells whether a request asks for a WebSocket, well or badly. */
  public static boolean askedBy(Request request) {
    return hasToken(request, "Upgrade", "websocket") || !request.headers(KEY).isEmpty();
  }

  /** Returns why the handshake must be refused, or null. */
  public static @Nullable Refusal check(Request request) {
    if (!request.method().equals("GET")) {
      return Refusal.METHOD;
    }
    if (!request.protocol().equals("HTTP/1.1")) {
      return Refusal.HTTP_VERSION;
    }
    if (request.headers("Host").size() != 1) {
      return Refusal.HOST; // RFC 9112 section 3.2
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
    List<String> keys = values(request, KEY);
    return keys.size() == 1 && isKey(keys.getFirst()) ? null : Refusal.KEY;
  }

  /** Returns the {@code Sec-WebSocket-Accept} that answers a key. */
  public static String accept(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(digest.digest((key.strip() + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static boolean isKey(String key) {
    try {
      // The decoder would do without the padding.
      return key.length() == KEY_CHARACTERS && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static List<String> values(Request request, String name) {
    return request.headers(name).stream().map(String::trim).toList();
  }

  private static boolean hasToken(Request request, String name, String token) {
    for (String value : request.headers(name)) {
      for (String element : value.split(",", -1)) {
        if (element.trim().toLowerCase(Locale.ROOT).equals(token)) {
          return true;
        }
      }
    }
    return false;
  }
}
