package org.parley.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.util.Objects;

/** HiveMQ's client of MQTT 5.0 as a subscriber. */
record HiveMqV5(Mqtt5BlockingClient client, Relay relay, Inbox inbox) implements Subscriber {
  static HiveMqV5 subscribe(Mqtt5BlockingClient client, Relay relay, Subscription subscription) {
    var subscriber = new HiveMqV5(client, relay, new Inbox());
    client.toAsync().publishes(MqttGlobalPublishFilter.ALL, subscriber::arrived);
    var connect =
        client
            .connectWith()
            .cleanStart(!subscription.kept())
            .sessionExpiryInterval(subscription.kept() ? Subscription.EXPIRY_SECONDS : 0);
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

  static void publish(Mqtt5BlockingClient client, ClientMessage message) {
    var _ = client.connect();
    assertThat(client.publish(packet(message)).getError()).isEmpty();
    client.disconnect();
  }

  private static Mqtt5Publish packet(ClientMessage message) {
    return Mqtt5Publish.builder()
        .topic(message.topic())
        .payload(message.payload().getBytes(UTF_8))
        .qos(Objects.requireNonNull(MqttQos.fromCode(message.qos())))
        .retain(message.retain())
        .build();
  }

  private void arrived(Mqtt5Publish message) {
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
