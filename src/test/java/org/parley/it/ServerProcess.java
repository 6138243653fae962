package org.parley.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.parley.testing.FreePorts;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.PcpTestClient;
import org.parley.testing.RawWebSocket;
import org.parley.testing.TestPki;
import org.parley.testing.Wire;

/**
 * A server of its own for a test that stops it or deploys on it: {@code server run} as a process,
 * with the configuration that the users get and the WAR of this build.
 */
final class ServerProcess implements AutoCloseable {
  static final TestPki PKI = TestPki.shared();
  private static final Path WLP =
      Path.of(System.getProperty("parley.it.wlp", "target/liberty/wlp"));
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final Duration START = Duration.ofMinutes(3);

  private final Path directory;
  private final Path output;
  private final Path war;
  private final int httpsPort;
  private final int httpPort;
  private final int mqttPort;
  private final int mqttsPort;
  private final Process process;

  private ServerProcess(Path directory, Map<String, String> environment) throws IOException {
    this.directory = directory;
    this.war = directory.resolve("parley.war");
    this.output = directory.resolve("console.log");
    this.httpsPort = FreePorts.take();
    this.httpPort = FreePorts.take();
    this.mqttPort = FreePorts.take();
    this.mqttsPort = FreePorts.take();
    var builder =
        new ProcessBuilder(
            WLP.resolve("bin/server").toString(), "run", directory.getFileName().toString());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME", JDK.toString(),
                "PARLEY_HTTPS_PORT", Integer.toString(httpsPort),
                "PARLEY_HTTP_PORT", Integer.toString(httpPort),
                "PARLEY_MQTT_PORT", Integer.toString(mqttPort),
                "PARLEY_MQTTS_PORT", Integer.toString(mqttsPort),
                "PARLEY_KEYSTORE", PKI.brokerKeyStore().toAbsolutePath().toString(),
                "PARLEY_KEYSTORE_PASSWORD", TestPki.PASSWORD,
                "PARLEY_TRUSTSTORE", PKI.trustStore().toAbsolutePath().toString(),
                "PARLEY_TRUSTSTORE_PASSWORD", TestPki.PASSWORD));
    builder.environment().putAll(Map.of("PARLEY_MQTT_WS_PORT", "0", "PARLEY_MQTT_WSS_PORT", "0"));
    builder.environment().putAll(environment);
    this.process = builder.start();
  }

  /** Makes the server and starts it; returns when it is ready. */
  static ServerProcess start(String name) throws IOException {
    return start(name, Map.of());
  }

  /** The same with settings as environment variables. */
  static ServerProcess start(String name, Map<String, String> environment) throws IOException {
    var directory = WLP.resolve("usr/servers").resolve(name);
    deleteRecursively(directory);
    Files.createDirectories(directory);
    var users = WLP.resolve("usr/servers/parley");
    Files.copy(users.resolve("server.xml"), directory.resolve("server.xml"));
    // What only a cache still reaches is no leak: soft references do not count.
    Files.writeString(
        directory.resolve("jvm.options"),
        Files.readString(users.resolve("jvm.options")) + "-XX:SoftRefLRUPolicyMSPerMB=0\n");
    Files.writeString(
        directory.resolve("application.xml"),
        "<server><webApplication id=\"parley\""
            + " location=\"${server.config.dir}/parley.war\"/></server>");
    Files.copy(WarAsBuilt.WAR, directory.resolve("parley.war"));
    var server = new ServerProcess(directory, environment);
    server.awaitLine("CWWKF0011I", 1);
    if (server.count("CWWKO0221E") > 0) {
      server.close();
      throw new IOException("a port is not its own:\n" + server.console());
    }
    return server;
  }

  /** Puts the WAR there again, as an operator would to update it; returns when it has started. */
  void redeploy() throws IOException {
    long started = count("CWWKZ0003I");
    var next = directory.resolve("parley.war.next");
    Files.copy(WarAsBuilt.WAR, next, StandardCopyOption.REPLACE_EXISTING);
    Files.move(next, war, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    awaitLine("CWWKZ0003I", started + 1);
  }

  /** Puts elements above those of {@code server.xml}, in place of the former ones. */
  void override(String elements) throws IOException {
    var folder = Files.createDirectories(directory.resolve("configDropins/overrides"));
    Files.writeString(folder.resolve("test.xml"), "<server>" + elements + "</server>");
  }

  /** Asks the server to stop, as {@code server stop} does, without waiting. */
  void askToStop() throws IOException {
    var command = new ArrayList<String>();
    command.add(WLP.resolve("bin/server").toString());
    command.addAll(List.of("stop", directory.getFileName().toString(), "--timeout=30s"));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", JDK.toString());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Sends SIGTERM to the server, as an orchestrator does. */
  void terminate() {
    server().destroy();
  }

  /** Returns whether the server has ended within the time. */
  boolean ended(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  PcpTestClient connect(String commonName, String path) throws IOException {
    return PcpTestClient.connect(PKI, PKI.client(commonName), httpsPort, path);
  }

  int httpsPort() {
    return httpsPort;
  }

  /** Tries an opening handshake; the answer tells what came of it. */
  RawWebSocket handshake(String commonName, String path) throws IOException {
    var wire = Wire.tls(httpsPort, PKI.sslContext(PKI.client(commonName)));
    return RawWebSocket.open(wire, OpeningHandshake.of(path));
  }

  int httpPort() {
    return httpPort;
  }

  /** Returns the port of MQTT over TCP. */
  int mqttPort() {
    return mqttPort;
  }

  /** Returns the port of MQTT over TLS. */
  int mqttsPort() {
    return mqttsPort;
  }

  /** Returns how many lines of {@code messages.log} have this text in them. */
  long logged(String text) throws IOException {
    var log = directory.resolve("logs").resolve("messages.log");
    return Files.readString(log, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.contains(text))
        .count();
  }

  /** Returns what a command of {@code jcmd} prints about the server's JVM. */
  String jcmd(String... command) throws IOException {
    var line = new ArrayList<String>();
    line.add(JDK.resolve("bin/jcmd").toString());
    line.add(Long.toString(server().pid()));
    line.addAll(List.of(command));
    var jcmd = new ProcessBuilder(line).redirectErrorStream(true).start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Returns how many sockets the server's process has open. */
  long openSockets() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + server().pid() + "/fd"))) {
      return descriptors.filter(ServerProcess::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException _) {
      return false; // closed meanwhile
    }
  }

  String console() throws IOException {
    return Files.readString(output);
  }

  /** The JVM: the script's own process, or its child. */
  private ProcessHandle server() {
    return process.descendants().findFirst().orElse(process.toHandle());
  }

  private void awaitLine(String text, long times) {
    Awaitility.await().atMost(START).until(() -> count(text) >= times);
  }

  private long count(String text) throws IOException {
    return console().lines().filter(line -> line.contains(text)).count();
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  private static void deleteRecursively(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (var path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
