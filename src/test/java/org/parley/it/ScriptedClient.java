package org.parley.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.parley.testing.TestPki;

/**
 * A client library in another language behind a script of ours. Its one argument is what to do, in
 * JSON; it prints what {@link ClientProgram} reads.
 *
 * @param interpreter the command before that argument
 * @param name of the client's certificate
 */
record ScriptedClient(List<String> interpreter, String name) {
  private static final TestPki PKI = ServerUnderTest.PKI;
  private static final Path FILES = PKI.directory().resolve("clients");

  /** Writes the certificate and the key that it connects with. */
  void writeIdentity() throws IOException {
    PKI.client(name).write(FILES, name, TestPki.PASSWORD);
  }

  Subscriber subscribe(Way way, Subscription subscription) throws IOException {
    var task = task(way);
    task.add("clientId", subscription.clientId()).add("subscribe", subscription.topic());
    task.add("kept", subscription.kept()).add("expiry", Subscription.EXPIRY_SECONDS);
    subscription.will().ifPresent(will -> task.add("will", json(will)));
    return ClientProgram.subscriber(command(task));
  }

  void publish(Way way, ClientMessage message) throws IOException {
    var _ = ClientProgram.run(command(task(way).add("publish", json(message))));
  }

  private List<String> command(JsonObjectBuilder task) {
    var command = new ArrayList<>(interpreter);
    command.add(task.build().toString());
    return command;
  }

  private JsonObjectBuilder task(Way way) {
    int level =
        switch (way.version()) {
          case V3_1 -> 3;
          case V3_1_1 -> 4;
          case V5 -> 5;
        };
    return Json.createObjectBuilder()
        .add("level", level)
        .add("transport", way.transport().name())
        .add("port", way.port())
        .add("ca", PKI.caPem().toAbsolutePath().toString())
        .add("cert", FILES.resolve(name + ".pem").toAbsolutePath().toString())
        .add("key", FILES.resolve(name + ".key").toAbsolutePath().toString());
  }

  private static JsonObject json(ClientMessage message) {
    return Json.createObjectBuilder()
        .add("topic", message.topic())
        .add("payload", message.payload())
        .add("qos", message.qos())
        .add("retain", message.retain())
        .build();
  }
}
