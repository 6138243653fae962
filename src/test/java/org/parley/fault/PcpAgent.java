package org.parley.fault;

import java.io.IOException;
import javax.net.ssl.SSLContext;
import org.parley.testing.V2;

/** Answers each request with the number that is in it. */
final class PcpAgent extends PcpClient {
  PcpAgent(int number, SSLContext tls, Cable cable, Situation situation, long seed) {
    super(name(number), "agent", number % 2 == 0, tls, cable, situation, seed);
  }

  static String name(int number) {
    return "fault-agent-" + number;
  }

  @Override
  void begin(PcpLine line) {}

  @Override
  void hear(PcpLine line, PcpLine.Message message) throws IOException {
    if (message.type().equals(REQUEST)) {
      int number = message.data().orElseThrow().getInt("number");
      line.send(V2.id(), RESPONSE, message.sender(), "{\"number\":" + number + "}");
    } else if (!message.type().equals(V2.ERROR)) { // the controller may be gone
      throw new AssertionError("unasked: " + message);
    }
  }
}
