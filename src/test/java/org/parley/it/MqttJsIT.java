package org.parley.it;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.parley.it.Way.Transport;
import org.parley.it.Way.Version;

/** mqtt.js on Node.js, mostly by {@code wss} with a client certificate; and its command. */
class MqttJsIT extends ClientContract {
  private static final String NAME = "mqtt-js";
  private static final Path BASE = Path.of(System.getProperty("basedir", "."));
  private static final Path SOURCE = BASE.resolve("src/test/node/mqtt-js");
  private static final Path FOLDER = BASE.resolve("target/mqtt-js").toAbsolutePath();
  private static final ScriptedClient CLIENT =
      new ScriptedClient(List.of("node", FOLDER.resolve("client.js").toString()), NAME);

  @BeforeAll
  static void programs() throws Exception {
    ClientProgram.require("node", "nodejs");
    ClientProgram.require("npm", "npm");
    ClientProgram.require(install(), "npm ci cannot get mqtt.js: is there a network?");
    CLIENT.writeIdentity();
  }

  /**
   * Puts mqtt.js, as the lock file pins it, below {@code target}; once, if the lock is the same.
   */
  private static boolean install() throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    var lock = FOLDER.resolve("package-lock.json");
    var done = FOLDER.resolve("node_modules/.package-lock.json");
    boolean same =
        Files.exists(done)
            && Files.exists(lock)
            && Files.mismatch(SOURCE.resolve("package-lock.json"), lock) == -1;
    for (var file : List.of("package.json", "package-lock.json", "client.js")) {
      Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), REPLACE_EXISTING);
    }
    if (same) {
      return true;
    }
    return new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline")
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("npm.log").toFile())
            .start()
            .waitFor()
        == 0;
  }

  /** By WebSocket it offers for MQTT 3.1 only {@code mqttv3.1}, which the broker leaves off. */
  static Stream<Way> ways() {
    return Stream.of(
        new Way(Version.V3_1, Transport.TLS),
        new Way(Version.V3_1_1, Transport.WSS),
        new Way(Version.V5, Transport.WSS),
        new Way(Version.V5, Transport.TLS));
  }

  @Override
  Subscriber subscribe(Way way, Subscription subscription) throws IOException {
    return CLIENT.subscribe(way, subscription);
  }

  @Override
  void publish(Way way, ClientMessage message) throws IOException {
    CLIENT.publish(way, message);
  }

  @Test
  void givenItsCommand_whenPublished_thenItsOtherCommandPrintsIt() throws IOException {
    var topic = "clients/mqtt-js-command";
    var message = ClientMessage.of(topic, "by its command", 1);
    publish(new Way(Version.V5, Transport.WSS), message.retained());
    try (var subscriber = ClientProgram.start(command("subscribe", "-t", topic, "-q", "1"))) {
      subscriber.awaitLine("by its command");
      var _ = ClientProgram.run(command("publish", "-t", topic, "-q", "2", "-m", "once more"));
      subscriber.awaitLine("once more");
    }
    publish(new Way(Version.V5, Transport.WSS), ClientMessage.of(topic, "", 1).retained());
  }

  private static List<String> command(String verb, String... arguments) {
    var files = PKI.directory().resolve("clients");
    var port = Integer.toString(HTTPS_PORT);
    var command = new ArrayList<String>();
    command.addAll(List.of(FOLDER.resolve("node_modules/.bin/mqtt").toString(), verb));
    command.addAll(List.of("-C", "wss", "-h", "localhost", "-p", port, "--path", "/mqtt"));
    command.addAll(List.of("--protocolVersion", "5"));
    command.addAll(List.of("--ca", PKI.caPem().toString()));
    command.addAll(List.of("--cert", files.resolve(NAME + ".pem").toString()));
    command.addAll(List.of("--key", files.resolve(NAME + ".key").toString()));
    command.addAll(List.of(arguments));
    return command;
  }
}
