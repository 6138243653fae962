package org.parley.edge;

import org.parley.edge.settings.Configuration;
import org.parley.edge.settings.MqttSettings;
import org.parley.edge.settings.Settings;

/** What the operator sees when the broker is up: where it listens, and a first thing to try. */
final class Banner {
  private Banner() {}

  /** Prints to the console, whatever the level of the log is. */
  static void print(Configuration configuration, String brokerName) {
    int https = configuration.get(Settings.HTTPS_PORT);
    int http = configuration.get(Settings.HTTP_PORT);
    System.out.println(
        """
        Parley is running as %s.
          PCP     wss://localhost:%d/pcp2/<client_type>, with a client certificate
          MQTT    %s
          Health  http://localhost:%d/health
          Try     curl -s http://localhost:%d/health/ready
                  npx -y wscat -c wss://localhost:%d/pcp2/controller \
        --ca pki/ca.pem --cert pki/client01.pem --key pki/client01.key\
        """
            .formatted(brokerName, https, mqtt(configuration), http, http, https));
    if (brokerName.equals("broker") && configuration.get(Settings.KEYSTORE).contains("pki")) {
      System.out.println("  This is a development PKI: its keys are in the clear.");
    }
  }

  private static String mqtt(Configuration configuration) {
    int tcp = configuration.get(MqttSettings.PORT);
    int tls = configuration.get(MqttSettings.TLS_PORT);
    int own = configuration.get(MqttSettings.WSS_PORT);
    int wss = own == 0 ? configuration.get(Settings.HTTPS_PORT) : own;
    return (tcp == 0 ? "" : "mqtt://%s:%d, ".formatted(configuration.get(MqttSettings.HOST), tcp))
        + (tls == 0 ? "" : "mqtts://localhost:%d, ".formatted(tls))
        + "wss://localhost:%d/mqtt".formatted(wss);
  }
}
