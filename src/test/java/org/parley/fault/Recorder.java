package org.parley.fault;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.parley.testing.Wire;

/** Listens to clients that others have written while they talk to the broker. */
final class Recorder {
  private static final byte[] PAYLOAD = "recorded".getBytes(StandardCharsets.UTF_8);
  private static final String FILTER = "mutant/+/#";

  private final Site site;

  Recorder(Site site) {
    this.site = site;
  }

  private interface Talk {
    void talk(int port) throws Exception;
  }

  private static byte[] heard(int brokerPort, Talk talk) throws IOException {
    var heard = new ByteArrayOutputStream();
    try (var cable = Cable.to(brokerPort, heard::writeBytes)) {
      talk.talk(cable.port());
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
    return heard.toByteArray();
  }

  /** Returns what clients of both protocols say. */
  List<Recording> all() throws IOException {
    var all = new ArrayList<Recording>();
    int port = site.mqttPort();
    all.add(Recording.mqtt("mqtt 3.1.1 of Paho", heard(port, Recorder::paho3)));
    all.add(Recording.mqtt("mqtt 5.0 of Paho", heard(port, Recorder::paho5)));
    all.add(Recording.mqtt("mqtt 5.0 of HiveMQ", heard(port, Recorder::hive5)));
    all.add(Recording.pcp1());
    all.add(Recording.pcp2());
    return List.copyOf(all);
  }

  /** Returns the first flight of a TLS client. */
  byte[] clientHello() throws IOException {
    return heard(
        site.mqttsPort(),
        port -> {
          try (var tcp = Wire.tls(port, site.tls("mutant")).connect().tcp()) {
            tcp.setSoLinger(true, 0);
          }
        });
  }

  private static void paho3(int port) throws Exception {
    var client =
        new org.eclipse.paho.client.mqttv3.MqttClient(
            "tcp://localhost:" + port,
            "mutant-paho-3",
            new org.eclipse.paho.client.mqttv3.persist.MemoryPersistence());
    var options = new MqttConnectOptions();
    options.setWill("mutant/will", PAYLOAD, 1, true);
    options.setCleanSession(false);
    client.connect(options);
    client.subscribe(FILTER, 2);
    for (int qos = 0; qos <= 2; qos++) {
      client.publish("mutant/3/" + qos, PAYLOAD, qos, qos == 1);
    }
    client.unsubscribe(FILTER);
    client.disconnect();
    client.close();
  }

  private static void paho5(int port) throws Exception {
    var client =
        new org.eclipse.paho.mqttv5.client.MqttClient(
            "tcp://localhost:" + port, "mutant-paho-5", new MemoryPersistence());
    var options = new MqttConnectionOptions();
    options.setWill("mutant/will", new MqttMessage(PAYLOAD, 1, true, null));
    options.setSessionExpiryInterval(5L);
    options.setReceiveMaximum(20);
    options.setTopicAliasMaximum(8);
    client.connect(options);
    client.subscribe(FILTER, 2);
    for (int qos = 0; qos <= 2; qos++) {
      client.publish("mutant/5/" + qos, PAYLOAD, qos, qos == 1);
    }
    client.unsubscribe(FILTER);
    client.disconnect();
    client.close();
  }

  private static void hive5(int port) {
    var client =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier("mutant-hive-5")
            .serverHost("localhost")
            .serverPort(port)
            .buildBlocking();
    var _ =
        client
            .connectWith()
            .sessionExpiryInterval(5)
            .userProperties()
            .add("a", "b")
            .applyUserProperties()
            .willPublish()
            .topic("mutant/will")
            .payload(PAYLOAD)
            .delayInterval(1)
            .applyWillPublish()
            .send();
    var _ = client.subscribeWith().topicFilter(FILTER).noLocal(true).send();
    for (int qos = 0; qos <= 2; qos++) {
      var _ =
          client
              .publishWith()
              .topic("mutant/h/" + qos)
              .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
              .payload(PAYLOAD)
              .contentType("text/plain")
              .responseTopic("mutant/answer")
              .correlationData(PAYLOAD)
              .messageExpiryInterval(60)
              .userProperties()
              .add("k", "v")
              .applyUserProperties()
              .send();
    }
    var _ = client.unsubscribeWith().topicFilter(FILTER).send();
    client.disconnect();
  }
}
