package org.parley.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

/** Eclipse Paho for Python, as Debian has it. */
class PahoPythonIT extends ClientContract {
  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path SCRIPT =
      Path.of(System.getProperty("basedir", "."), "src/test/python/paho/client.py");
  private static final ScriptedClient CLIENT =
      new ScriptedClient(List.of(PYTHON.toString(), SCRIPT.toString()), "paho-python");

  @BeforeAll
  static void programs() throws Exception {
    ClientProgram.require(installed(), "Missing: install the package python3-paho-mqtt");
    CLIENT.writeIdentity();
  }

  private static boolean installed() throws IOException, InterruptedException {
    return Files.isExecutable(PYTHON)
        && new ProcessBuilder(PYTHON.toString(), "-c", "import paho.mqtt.client")
                .redirectErrorStream(true)
                .start()
                .waitFor()
            == 0;
  }

  static Stream<Way> ways() {
    return Stream.of(Way.Version.values())
        .flatMap(
            version ->
                Stream.of(Way.Transport.values()).map(transport -> new Way(version, transport)));
  }

  @Override
  Subscriber subscribe(Way way, Subscription subscription) throws IOException {
    return CLIENT.subscribe(way, subscription);
  }

  @Override
  void publish(Way way, ClientMessage message) throws IOException {
    CLIENT.publish(way, message);
  }
}
