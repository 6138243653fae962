package org.parley.fault;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.parley.testing.Frame;
import org.parley.testing.Wire;

/** Replays recordings with mutations, on every listener, one connection after the other. */
final class Mutant implements Runnable {
  private static final int PATIENCE_MILLIS = 40;
  private static final int ANSWER_BYTES = 1 << 17;

  private final Site site;
  private final List<Recording> recordings;
  private final byte[] clientHello;
  private final SSLContext tls;
  private final Situation situation;
  private final BooleanSupplier over;
  private final AtomicLong packets;
  private final AtomicLong connections;
  private final Mutator mutator;
  private final Random random;

  Mutant(
      Site site,
      List<Recording> recordings,
      byte[] clientHello,
      Situation situation,
      BooleanSupplier over,
      AtomicLong packets,
      AtomicLong connections,
      long seed) {
    this.site = site;
    this.recordings = recordings;
    this.clientHello = clientHello.clone();
    this.tls = site.tls("mutant");
    this.situation = situation;
    this.over = over;
    this.packets = packets;
    this.connections = connections;
    this.mutator = new Mutator(seed);
    this.random = new Random(seed + 1);
  }

  @Override
  public void run() {
    while (!over.getAsBoolean()) {
      try {
        once();
      } catch (IOException _) {
        // refused or cut: as it should be
      }
    }
  }

  private void once() throws IOException {
    connections.incrementAndGet();
    var recording = recordings.get(random.nextInt(recordings.size()));
    switch (random.nextInt(20)) {
      case 0 -> hello();
      case 1, 2 -> rawWebSocket(recording);
      case 3, 4, 5 -> framed(recording);
      default -> {
        if (recording.isMqtt()) {
          mqtt(recording);
        } else {
          framed(recording);
        }
      }
    }
  }

  /** Bytes of TLS itself. */
  private void hello() throws IOException {
    int[] ports = {site.mqttsPort(), site.httpsPort(), site.wssPort()};
    talk(Wire.plain(ports[random.nextInt(ports.length)]), mutator.sequence(List.of(clientHello)));
  }

  /** By TCP, and now and then by TLS, which is dearer. */
  private void mqtt(Recording recording) throws IOException {
    var wire =
        random.nextInt(8) == 0
            ? Wire.tls(site.mqttsPort(), tls).applicationProtocols("mqtt")
            : Wire.plain(site.mqttPort());
    talk(wire, mutator.sequence(recording.packets()));
  }

  /** The opening handshake and the frames are packets, too. */
  private void rawWebSocket(Recording recording) throws IOException {
    var packets = new ArrayList<byte[]>();
    packets.add(recording.handshake().encode());
    recording.packets().stream()
        .map(packet -> Frame.of(recording.opcode(), packet).encode())
        .forEach(packets::add);
    talk(webSocket(recording), mutator.sequence(packets));
  }

  /** A good handshake and good frames, with mutants in them. */
  private void framed(Recording recording) throws IOException {
    var connected = webSocket(recording).connect();
    try (var tcp = connected.tcp()) {
      var socket = connected.socket();
      socket.getOutputStream().write(recording.handshake().encode());
      readUntil(socket, "\r\n\r\n");
      for (var packet : mutator.sequence(recording.packets())) {
        packets.incrementAndGet();
        socket.getOutputStream().write(Frame.of(recording.opcode(), packet).encode());
      }
      hear(socket);
      end(tcp);
    }
  }

  /** MQTT has ports of its own, too. */
  private Wire webSocket(Recording recording) {
    return switch (recording.isMqtt() ? random.nextInt(4) : 0) {
      case 0 -> Wire.tls(site.httpsPort(), tls);
      case 1 -> Wire.tls(site.wssPort(), tls);
      default -> Wire.plain(site.wsPort());
    };
  }

  private void talk(Wire wire, List<byte[]> sequence) throws IOException {
    var connected = wire.connect();
    try (var tcp = connected.tcp()) {
      var all = new ByteArrayOutputStream();
      boolean pieces = random.nextInt(4) == 0;
      for (var packet : sequence) {
        packets.incrementAndGet();
        all.writeBytes(packet);
        if (pieces) {
          connected.socket().getOutputStream().write(all.toByteArray());
          all.reset();
        }
      }
      connected.socket().getOutputStream().write(all.toByteArray());
      hear(connected.socket());
      end(tcp);
    }
  }

  private void end(Socket tcp) throws IOException {
    if (random.nextBoolean()) {
      tcp.setSoLinger(true, 0);
    }
  }

  private void readUntil(Socket socket, String end) throws IOException {
    var answer = new StringBuilder();
    socket.setSoTimeout(10_000);
    while (answer.indexOf(end) < 0 && answer.length() < ANSWER_BYTES) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      answer.append((char) next);
    }
    Leaks.check(answer.toString().getBytes(StandardCharsets.ISO_8859_1), situation);
  }

  /** Hears until nothing more comes. */
  private void hear(Socket socket) {
    var answer = new ByteArrayOutputStream();
    var buffer = new byte[8 * 1024];
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      for (int count = socket.getInputStream().read(buffer);
          count >= 0 && answer.size() < ANSWER_BYTES;
          count = socket.getInputStream().read(buffer)) {
        answer.write(buffer, 0, count);
      }
    } catch (IOException _) {
      // the end, or nothing more
    }
    Leaks.check(answer.toByteArray(), situation);
  }
}
