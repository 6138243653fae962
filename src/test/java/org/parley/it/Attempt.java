package org.parley.it;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.Wire;

/**
 * What comes of an attempt to get a session, in words: {@code 101}, {@code alert NAME}, {@code
 * closed}
 */
final class Attempt {
  private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

  private Attempt() {}

  /** Tries an opening handshake as any client would, without waiting for the server's verdict. */
  static String handshake(Wire wire, OpeningHandshake handshake) throws IOException {
    try (var socket = RawWebSocket.open(wire, handshake)) {
      return String.valueOf(socket.answer().status());
    } catch (SSLException e) {
      return alert(e);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException _) {
      return "closed";
    }
  }

  private static String alert(SSLException e) {
    var matcher = ALERT.matcher(String.valueOf(e.getMessage()));
    return matcher.find() ? "alert " + matcher.group(1) : "closed";
  }
}
