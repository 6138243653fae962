package org.parley.edge.mqtt;

import jakarta.websocket.Session;
import java.util.concurrent.atomic.AtomicInteger;
import org.parley.core.ByteWire;
import org.parley.transport.WireLimits;

/** MQTT over WebSocket: makes the wires, and counts them. */
public final class MqttSockets {
  private final MqttService service;
  private final WireLimits limits;
  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param most that may be open; whoever upgrades asks {@link #full} first
   */
  public MqttSockets(MqttService service, WireLimits limits, int most) {
    this.service = service;
    this.limits = limits;
    this.most = most;
  }

  /** Begins the wire of a WebSocket that is being opened. */
  public SocketWire open(Session session, ByteWire.Peer peer) {
    open.incrementAndGet();
    var wire = new SocketWire(session, peer, limits, MqttSockets::startThread);
    wire.open(service.acceptor());
    return wire;
  }

  /** A WebSocket that was opened here has been closed; counts once, however often it is told. */
  public void closed(SocketWire wire) {
    if (wire.closed()) {
      open.decrementAndGet();
    }
  }

  /** Returns how many are open. */
  public int connections() {
    return open.get();
  }

  /** Returns whether no more may be opened. */
  public boolean full() {
    return open.get() >= most;
  }

  private static void startThread(Runnable task) {
    var thread = Thread.ofVirtual().name("parley-mqtt").unstarted(task);
    thread.setContextClassLoader(MqttSockets.class.getClassLoader());
    thread.start();
  }
}
