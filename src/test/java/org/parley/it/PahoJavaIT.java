package org.parley.it;

import java.util.Locale;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.parley.it.Way.Transport;

/** Eclipse Paho for Java: its client of MQTT 3.1 and 3.1.1, and its client of MQTT 5.0. */
class PahoJavaIT extends ClientContract {
  static Stream<Way> ways() {
    return Stream.of(Way.Version.values())
        .flatMap(version -> Stream.of(Transport.values()).map(over -> new Way(version, over)));
  }

  @Override
  Subscriber subscribe(Way way, Subscription subscription) throws Exception {
    var relay = Relay.to(way.port());
    var uri = uri(way, relay.port());
    return way.is5()
        ? PahoV5.subscribe(uri, sockets(way), relay, subscription)
        : PahoV3.subscribe(way, uri, sockets(way), relay, subscription);
  }

  @Override
  void publish(Way way, ClientMessage message) throws Exception {
    var uri = uri(way, way.port());
    if (way.is5()) {
      PahoV5.publish(uri, sockets(way), message);
    } else {
      PahoV3.publish(way, uri, sockets(way), message);
    }
  }

  private static String uri(Way way, int port) {
    var scheme =
        switch (way.transport()) {
          case TCP -> "tcp";
          case TLS -> "ssl";
          case WSS -> "wss";
        };
    var path = way.transport() == Transport.WSS ? "/mqtt" : "";
    return String.format(Locale.ROOT, "%s://localhost:%d%s", scheme, port, path);
  }

  private static SocketFactory sockets(Way way) {
    return way.encrypted()
        ? PKI.sslContext(PKI.client("paho-java")).getSocketFactory()
        : SocketFactory.getDefault();
  }
}
