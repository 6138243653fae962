package org.parley.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

/** {@code mosquitto_pub} and {@code mosquitto_sub}, as Debian has them: without WebSockets. */
class MosquittoClientsIT extends ClientContract {
  private static final String NAME = "mosquitto-client";
  private static final Path FILES = PKI.directory().resolve("clients");

  @BeforeAll
  static void programs() throws IOException {
    ClientProgram.require("mosquitto_sub", "mosquitto-clients");
    PKI.client(NAME).write(FILES, NAME, "changeit");
  }

  static Stream<Way> ways() {
    return Stream.of(Way.Version.values())
        .flatMap(
            version ->
                Stream.of(Way.Transport.TCP, Way.Transport.TLS)
                    .map(transport -> new Way(version, transport)));
  }

  /** {@code mosquitto_sub} does so when it is told to terminate. */
  @Override
  boolean disconnectsWithWill(Way way) {
    return way.is5();
  }

  @Override
  Subscriber subscribe(Way way, Subscription subscription) throws IOException {
    // Without stdbuf, what it prints into a pipe waits until there is more of it.
    var command = new ArrayList<>(List.of("stdbuf", "-oL"));
    command.addAll(command("mosquitto_sub", way));
    command.addAll(List.of("-d", "-i", subscription.clientId(), "-t", subscription.topic()));
    command.addAll(List.of("-q", "2", "-F", "message %q %r %t %p"));
    if (subscription.kept()) {
      command.add("--disable-clean-session");
      if (way.is5()) {
        command.addAll(List.of("-x", Integer.toString(Subscription.EXPIRY_SECONDS)));
      }
    }
    subscription.will().ifPresent(will -> command.addAll(will(will)));
    return ClientProgram.subscriber(command);
  }

  private static List<String> will(ClientMessage will) {
    var qos = Integer.toString(will.qos());
    return List.of(
        "--will-topic", will.topic(), "--will-payload", will.payload(), "--will-qos", qos);
  }

  @Override
  void publish(Way way, ClientMessage message) throws IOException {
    var command = command("mosquitto_pub", way);
    command.addAll(List.of("-t", message.topic(), "-q", Integer.toString(message.qos())));
    command.addAll(
        message.payload().isEmpty() ? List.of("--null-message") : List.of("-m", message.payload()));
    if (message.retain()) {
      command.add("--retain");
    }
    var _ = ClientProgram.run(command);
  }

  private static List<String> command(String program, Way way) {
    var version =
        switch (way.version()) {
          case V3_1 -> "mqttv31";
          case V3_1_1 -> "mqttv311";
          case V5 -> "mqttv5";
        };
    var port = Integer.toString(way.port());
    var command = new ArrayList<>(List.of(program, "-V", version, "-h", "localhost", "-p", port));
    if (way.encrypted()) {
      command.addAll(List.of("--cafile", PKI.caPem().toString()));
      command.addAll(List.of("--cert", FILES.resolve(NAME + ".pem").toString()));
      command.addAll(List.of("--key", FILES.resolve(NAME + ".key").toString()));
    }
    return command;
  }
}
