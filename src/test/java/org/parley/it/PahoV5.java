package org.parley.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.net.SocketFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Paho's client of MQTT 5.0 as a subscriber. */
final class PahoV5 implements Subscriber {
  private final MqttClient client;
  private final Relay relay;
  private final Inbox inbox = new Inbox();

  private PahoV5(MqttClient client, Relay relay) {
    this.client = client;
    this.relay = relay;
  }

  static PahoV5 subscribe(String uri, SocketFactory sockets, Relay relay, Subscription subscription)
      throws MqttException {
    var client = new MqttClient(uri, subscription.clientId(), new MemoryPersistence());
    var subscriber = new PahoV5(client, relay);
    client.setCallback(subscriber.new Arrivals());
    var options = options(sockets);
    options.setCleanStart(!subscription.kept());
    if (subscription.kept()) {
      options.setSessionExpiryInterval((long) Subscription.EXPIRY_SECONDS);
    }
    subscription.will().ifPresent(will -> options.setWill(will.topic(), message(will)));
    client.connect(options);
    client.subscribe(subscription.topic(), 2);
    return subscriber;
  }

  static void publish(String uri, SocketFactory sockets, ClientMessage message)
      throws MqttException {
    var client = new MqttClient(uri, "", new MemoryPersistence());
    try {
      client.connect(options(sockets));
      client.publish(message.topic(), message(message));
      client.disconnect();
    } finally {
      client.close();
    }
  }

  private static MqttConnectionOptions options(SocketFactory sockets) {
    var options = new MqttConnectionOptions();
    options.setSocketFactory(sockets);
    options.setAutomaticReconnect(false);
    return options;
  }

  private static MqttMessage message(ClientMessage message) {
    var packet = new MqttMessage(message.payload().getBytes(UTF_8));
    packet.setQos(message.qos());
    packet.setRetained(message.retain());
    return packet;
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

  /**
   * The client cannot do it: its {@code disconnectForcibly} ends the input of its socket first,
   * which a socket of TLS refuses, and so leaves it open without a word.
   */
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
    public void connectComplete(boolean reconnect, String uri) {
      // connect() has returned
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      // the test sees that nothing arrives
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      // the same
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // it does not publish
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      // the broker asks for nothing
    }
  }
}
