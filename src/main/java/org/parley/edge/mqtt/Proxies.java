package org.parley.edge.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Optional;
import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttSettings;
import org.parley.limit.LogThrottle;
import org.parley.transport.ProxyOptions;
import org.parley.transport.ProxyRefusal;

/** The proxies that say by the PROXY protocol whose connections they pass on, from the settings. */
public final class Proxies {
  private static final Logger LOG = System.getLogger(Proxies.class.getName());

  private Proxies() {}

  /**
   * Returns them; empty without any.
   *
   * @param throttle a proxy that is set up wrongly must not fill the disk
   */
  public static Optional<ProxyOptions> of(Configuration configuration, LogThrottle throttle) {
    var networks = configuration.get(MqttSettings.PROXIES);
    if (networks.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ProxyOptions(
            address -> networks.stream().anyMatch(one -> one.contains(address.getHostAddress())),
            configuration.get(MqttSettings.PROXY_HEADER),
            configuration.get(MqttSettings.TLS_HANDSHAKE),
            (proxy, reason) -> log(proxy, reason, throttle)));
  }

  private static void log(InetAddress proxy, ProxyRefusal reason, LogThrottle throttle) {
    var address = proxy.getHostAddress();
    var left = throttle.pass("proxy header " + reason + ' ' + address);
    if (left.isPresent()) {
      var more = left.getAsLong() == 0 ? "" : " (and " + left.getAsLong() + " like it before)";
      LOG.log(
          Level.INFO,
          () -> "connection of proxy %s closed: %s%s".formatted(address, reason.detail(), more));
    }
  }
}
