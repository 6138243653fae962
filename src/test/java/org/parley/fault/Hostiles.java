package org.parley.fault;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.Wire;
import org.parley.testing.mqtt.Bytes;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.SubscribeBytes;

/** Peers that mean no good. What becomes of them is of no interest here. */
final class Hostiles implements AutoCloseable {
  private static final int SMALL_BUFFER = 4 * 1024;
  private static final int DRIPS = 40;
  private static final byte[] CLIENT_HELLO = Bytes.hex("16 03 01 02 00 01 00 01 FC 03 03");

  private final Site site;
  private final Situation situation;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  Hostiles(Site site, Situation situation) {
    this.site = site;
    this.situation = situation;
  }

  /** Subscribes to everything, and reads nothing. */
  void silentMqtt(String name) throws IOException {
    var connect = ConnectBytes.v5(name).keepAlive(10).toByteArray();
    var subscribe = SubscribeBytes.of("fault/#", 2).toByteArray(1, ProtocolVersion.V5);
    var socket = keep(Wire.plain(site.mqttPort()).receiveBuffer(SMALL_BUFFER).connect());
    socket.getOutputStream().write(Bytes.empty().raw(connect).raw(subscribe).toByteArray());
  }

  /** Associates, and reads nothing. */
  void silentPcp(String name) throws IOException {
    var wire = Wire.tls(site.httpsPort(), site.tls("fault-silent")).receiveBuffer(SMALL_BUFFER);
    keep(wire.connect()).getOutputStream().write(OpeningHandshake.of("/pcp2/" + name).encode());
  }

  /** Says something on each listener, a byte a second. */
  void drip() throws IOException {
    var connect = ConnectBytes.v5("fault-drip").toByteArray();
    var request = OpeningHandshake.of("/pcp2/agent").header("X-Long", "x".repeat(DRIPS)).encode();
    var frames = ("GET /health HTTP/1.1\r\nHost: " + "x".repeat(DRIPS));
    drip(keep(Wire.plain(site.mqttPort()).connect()), connect);
    drip(keep(Wire.plain(site.mqttsPort()).connect()), CLIENT_HELLO);
    drip(keep(Wire.plain(site.httpsPort()).connect()), CLIENT_HELLO);
    drip(keep(Wire.plain(site.httpPort()).connect()), frames.getBytes(StandardCharsets.US_ASCII));
    drip(keep(Wire.plain(site.wsPort()).connect()), request);
    drip(keep(Wire.tls(site.mqttsPort(), site.tls("fault-drip")).connect()), connect);
    drip(keep(Wire.tls(site.wssPort(), site.tls("fault-drip")).connect()), request);
    drip(keep(Wire.tls(site.httpsPort(), site.tls("fault-drip")).connect()), request);
  }

  private void drip(Socket socket, byte[] bytes) {
    var _ =
        Thread.ofVirtual()
            .name("drip")
            .start(
                () -> {
                  try (socket) {
                    for (int i = 0; i < Math.min(DRIPS, bytes.length); i++) {
                      socket.getOutputStream().write(bytes[i]);
                      situation.pause(1_000);
                    }
                  } catch (IOException _) {
                    // as it should be
                  }
                });
  }

  private Socket keep(Wire.Connected connected) {
    sockets.add(connected.tcp());
    return connected.socket();
  }

  /** They go away. */
  @Override
  public void close() throws IOException {
    for (var socket = sockets.poll(); socket != null; socket = sockets.poll()) {
      socket.close();
    }
  }
}
