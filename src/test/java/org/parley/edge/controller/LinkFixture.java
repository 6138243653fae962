package org.parley.edge.controller;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.parley.audit.AuditLog;
import org.parley.core.ByteBudget;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue.Bounds;
import org.parley.core.OutboundQueue.Done;
import org.parley.pcp.broker.ControllerAddress;
import org.parley.pcp.broker.ControllerAvailability;
import org.parley.pcp.broker.ControllerSessions;
import org.parley.pcp.broker.Controllers;
import org.parley.pcp.broker.Delivery;
import org.parley.pcp.broker.Inventory;
import org.parley.pcp.broker.MessageLog;
import org.parley.pcp.broker.PcpCounters;
import org.parley.pcp.broker.Reception;
import org.parley.pcp.broker.Replies;
import org.parley.pcp.broker.Router;
import org.parley.pcp.broker.SessionEncoder;
import org.parley.pcp.codec.InventoryCodec;
import org.parley.pcp.codec.PcpV1Codec;
import org.parley.pcp.codec.PcpV2Codec;
import org.parley.pcp.codec.VersionTranslator;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.MessageId;
import org.parley.session.ConcurrentSessionRegistry;
import org.parley.testing.TestPki;

/** What a link needs around it: a broker without clients, time that stands, recorded pauses. */
final class LinkFixture {
  static final Duration PING = Duration.ofSeconds(15);
  static final Duration PONG = Duration.ofSeconds(30);
  static final X509Certificate CERTIFICATE = TestPki.shared().broker().leaf();

  final ControllerAddress address;
  final AtomicLong nanos = new AtomicLong();
  final ConcurrentSessionRegistry registry = new ConcurrentSessionRegistry(10);
  final ControllerAvailability availability =
      new ControllerAvailability(1, Duration.ofSeconds(90), nanos::get);
  final ControllerSessions sessions = new ControllerSessions(registry, availability);
  final Controllers controllers;
  final List<RecordingWire> wires = new ArrayList<>();
  final List<Duration> pauses = new ArrayList<>();
  final List<Runnable> later = new ArrayList<>();
  Instant now = CERTIFICATE.getNotBefore().toInstant();
  boolean acceptable = true;

  LinkFixture() {
    this("orch:8143");
  }

  LinkFixture(String authority) {
    address = new ControllerAddress(authority, "/server");
    var v1 = new PcpV1Codec();
    var v2 = new PcpV2Codec();
    var translator = new VersionTranslator(64);
    var counters = new PcpCounters();
    var messages = new BrokerMessages(MessageId::random);
    var encoder = new SessionEncoder(v1, v2, translator, Optional.empty());
    var replies = new Replies(encoder, messages, Replies.Unauthorized.ERROR_MESSAGE, counters);
    var inventory =
        new Inventory(
            registry, sessions, new InventoryCodec(), encoder, messages, replies, 1 << 20);
    var delivery = new Delivery(sessions, encoder, replies, counters, 1 << 20);
    var router =
        new Router(delivery, inventory, translator, replies, Optional.empty(), "broker.test");
    controllers =
        new Controllers(
            sessions,
            availability,
            new Reception(v1, v2, router, replies, MessageLog.NONE),
            inventory,
            AuditLog.NONE,
            Set.of());
  }

  LinkLimits limits() {
    return limits(1024);
  }

  LinkLimits limits(long messageBytes) {
    return new LinkLimits(
        new Bounds(100, 1 << 20),
        new ByteBudget(1 << 20),
        PING,
        PONG,
        Duration.ofSeconds(5),
        Duration.ofMillis(500),
        messageBytes,
        () -> now,
        nanos::get);
  }

  ControllerLink link() {
    return new ControllerLink(
        address,
        controllers,
        (_, events) -> {
          var wire = new RecordingWire(events);
          wires.add(wire);
          return wire;
        },
        _ -> acceptable,
        limits(),
        new BackOff(new Random(1)),
        (pause, task) -> {
          pauses.add(pause);
          later.add(task);
        });
  }

  void after(Duration time) {
    nanos.addAndGet(time.toNanos());
    now = now.plus(time);
  }

  /** Lets the last pause pass. */
  void pausePasses() {
    later.getLast().run();
  }

  /** A wire that keeps what it is told. */
  static final class RecordingWire implements Dialler.Wire {
    final Dialler.Events events;
    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<ByteBuffer> pings = new ArrayList<>();
    final List<CloseReason> closed = new CopyOnWriteArrayList<>();
    boolean aborted;

    RecordingWire(Dialler.Events events) {
      this.events = events;
    }

    @Override
    public void write(Outbound message, Done done) {
      sent.add(((Outbound.Text) message).text());
      done.written(true);
    }

    @Override
    public void ping(ByteBuffer payload) {
      pings.add(payload);
    }

    @Override
    public void close(CloseReason reason) {
      closed.add(reason);
    }

    @Override
    public void abort() {
      aborted = true;
    }
  }
}
