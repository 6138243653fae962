package org.parley.fault;

import java.io.IOException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A PCP client that pings all the time, and hears what comes. */
abstract class PcpClient extends GoodClient {
  static final String REQUEST = "fault_request";
  static final String RESPONSE = "fault_response";
  private static final long PING_MILLIS = 5_000;

  private final boolean v1;
  private final SSLContext tls;
  final String uri;
  private volatile @Nullable PcpLine current;

  PcpClient(
      String name,
      String type,
      boolean v1,
      SSLContext tls,
      Cable cable,
      Situation situation,
      long seed) {
    super(name, cable, situation, seed);
    this.uri = "pcp://" + name + "/" + type;
    this.v1 = v1;
    this.tls = tls;
  }

  /** Its session stands. */
  abstract void begin(PcpLine line) throws IOException;

  abstract void hear(PcpLine line, PcpLine.Message message) throws IOException;

  /** Keeps the connection alive; for a thread of its own. */
  void ping() {
    while (!done()) {
      situation.pause(PING_MILLIS);
      var line = current;
      if (line != null) {
        try {
          line.ping();
        } catch (IOException _) {
          // the reader sees it, too
        }
      }
    }
  }

  /** Returns the connection; null if there is none. */
  @Nullable PcpLine current() {
    return current;
  }

  @Override
  boolean done() {
    return situation.isOver();
  }

  @Override
  void work() throws IOException {
    try (var line = PcpLine.open(cable.port(), tls, v1, uri)) {
      standing();
      begin(line);
      current = line;
      while (!done()) {
        var message = line.next();
        if (message != null) {
          hear(line, message);
        }
      }
    } finally {
      current = null;
    }
  }
}
