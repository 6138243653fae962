package org.parley.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.net.SocketFactory;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Paho's client of MQTT 3.1 and 3.1.1 as a subscriber. */
final class PahoV3 implements Subscriber {
  private final MqttClient client;
  private final Relay relay;
  private final Inbox inbox = new Inbox();

  private PahoV3(MqttClient client, Relay relay) {
    this.client = client;
    this.relay = relay;
  }

  static PahoV3 subscribe(
      Way way, String uri, SocketFactory sockets, Relay relay, Subscription subscription)
      throws MqttException {
    var client = new MqttClient(uri, subscription.clientId(), new MemoryPersistence());
    var subscriber = new PahoV3(client, relay);
    client.setCallback(subscriber.new Arrivals());
    var options = options(way, sockets);
    options.setCleanSession(!subscription.kept());
    subscription
        .will()
        .ifPresent(
            will ->
                options.setWill(will.topic(), will.payload().getBytes(UTF_8), will.qos(), false));
    client.connect(options);
    client.subscribe(subscription.topic(), 2);
    return subscriber;
  }

  static void publish(Way way, String uri, SocketFactory sockets, ClientMessage message)
      throws MqttException {
    try (var client = new MqttClient(uri, MqttClient.generateClientId(), new MemoryPersistence())) {
      client.connect(options(way, sockets));
      client.publish(
          message.topic(), message.payload().getBytes(UTF_8), message.qos(), message.retain());
      client.disconnect();
    }
  }

  private static MqttConnectOptions options(Way way, SocketFactory sockets) {
    var options = new MqttConnectOptions();
    options.setMqttVersion(
        way.version() == Way.Version.V3_1
            ? MqttConnectOptions.MQTT_VERSION_3_1
            : MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setSocketFactory(sockets);
    return options;
  }

  @Override
  public ClientMessage next() {
    return inbox.next();
  }

  @Override
  public void disconnect() {
    try {
      client.disconnect();
    } catch (MqttException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void cut() {
    relay.close();
  }

  @Override
  public void close() {
    relay.close();
  }

  private final class Arrivals implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      inbox.put(topic, message.getPayload(), message.getQos(), message.isRetained());
    }

    @Override
    public void connectionLost(Throwable cause) {
      // the test sees that nothing arrives
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
      // it does not publish
    }
  }
}
