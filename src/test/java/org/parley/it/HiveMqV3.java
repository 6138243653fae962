package org.parley.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.util.Objects;

/** HiveMQ's client of MQTT 3.1.1 as a subscriber. */
record HiveMqV3(Mqtt3BlockingClient client, Relay relay, Inbox inbox) implements Subscriber {
  static HiveMqV3 subscribe(Mqtt3BlockingClient client, Relay relay, Subscription subscription) {
    var subscriber = new HiveMqV3(client, relay, new Inbox());
    client.toAsync().publishes(MqttGlobalPublishFilter.ALL, subscriber::arrived);
    var connect = client.connectWith().cleanSession(!subscription.kept());
    subscription
        .will()
        .ifPresent(
            will -> {
              var _ = connect.willPublish(packet(will));
            });
    var _ = connect.send();
    var _ = client.subscribeWith().topicFilter(subscription.topic()).send();
    return subscriber;
  }

  static void publish(Mqtt3BlockingClient client, ClientMessage message) {
    var _ = client.connect();
    client.publish(packet(message));
    client.disconnect();
  }

  private static Mqtt3Publish packet(ClientMessage message) {
    return Mqtt3Publish.builder()
        .topic(message.topic())
        .payload(message.payload().getBytes(UTF_8))
        .qos(Objects.requireNonNull(MqttQos.fromCode(message.qos())))
        .retain(message.retain())
        .build();
  }

  private void arrived(Mqtt3Publish message) {
    inbox.put(
        message.getTopic().toString(),
        message.getPayloadAsBytes(),
        message.getQos().getCode(),
        message.isRetain());
  }

  @Override
  public ClientMessage next() {
    return inbox.next();
  }

  @Override
  public void disconnect() {
    client.disconnect();
  }

  @Override
  public void cut() {
    relay.close();
  }

  @Override
  public void close() {
    relay.close();
  }
}
