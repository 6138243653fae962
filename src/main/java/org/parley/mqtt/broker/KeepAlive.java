package org.parley.mqtt.broker;

import java.util.concurrent.TimeUnit;
import org.parley.mqtt.packet.Connect;

/** Keep Alive, MQTT 5.0 section 3.1.2.10. */
final class KeepAlive {
  private KeepAlive() {}

  /**
   * Returns the seconds that both sides use; 0 for none. Before 5.0 the server cannot choose, and
   * takes what the client wants.
   */
  static int effective(Connect connect, MqttOptions options) {
    int asked = connect.keepAlive();
    int most = options.maximumKeepAlive();
    boolean overridden =
        connect.version().hasProperties() && most > 0 && (asked == 0 || asked > most);
    return overridden ? most : asked;
  }

  /** Returns after how many nanoseconds of silence the peer is gone: 1.5 times [MQTT-3.1.2-22]. */
  static long silenceLimit(int seconds) {
    return TimeUnit.MILLISECONDS.toNanos(seconds * 1500L);
  }
}
