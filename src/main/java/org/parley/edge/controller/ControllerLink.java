package org.parley.edge.controller;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.identity.DialledServer;
import org.parley.identity.Identification;
import org.parley.identity.PeerPrincipal;
import org.parley.pcp.broker.ControllerAddress;
import org.parley.pcp.broker.Controllers;
import org.parley.session.ClientSession;

/**
 * The link to one controller (section 2.5): dialled, used, and dialled again when it is lost,
 * without end until the broker stops. One wire at a time.
 */
final class ControllerLink {
  private static final Logger LOG = System.getLogger(ControllerLink.class.getName());

  /** A link that did not last so long has failed: the pause before the next attempt grows. */
  static final Duration LASTING = BackOff.LONGEST;

  /** Where a link is. */
  enum State {
    /** Not begun. */
    IDLE,
    DIALLING,
    CONNECTED,
    /** Between two attempts. */
    WAITING,
    STOPPED;

    /** Returns the name used in health data. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final ControllerAddress address;
  private final Controllers controllers;
  private final Dialler dialler;
  private final Predicate<X509Certificate> acceptable;
  private final LinkLimits limits;
  private final BackOff backOff;
  private final Scheduler scheduler;

  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile State state = State.IDLE;
  private @Nullable Attempt current;
  private boolean failing;

  /**
   * @param acceptable whether a controller's certificate is not revoked
   */
  ControllerLink(
      ControllerAddress address,
      Controllers controllers,
      Dialler dialler,
      Predicate<X509Certificate> acceptable,
      LinkLimits limits,
      BackOff backOff,
      Scheduler scheduler) {
    this.address = address;
    this.controllers = controllers;
    this.dialler = dialler;
    this.acceptable = acceptable;
    this.limits = limits;
    this.backOff = backOff;
    this.scheduler = scheduler;
  }

  State state() {
    return state;
  }

  /** Begins an attempt, unless there is one or the link was stopped. */
  void dial() {
    lock.lock();
    try {
      if (state == State.STOPPED || current != null) {
        return;
      }
      state = State.DIALLING;
      var attempt = new Attempt();
      current = attempt;
      attempt.wire = dialler.dial(address, attempt);
    } finally {
      lock.unlock();
    }
  }

  /** Pings, and gives up what is dead, expired or revoked. A timer calls it. */
  void tick() {
    lock.lock();
    try {
      if (current != null) {
        current.tick();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes the connection, if there is one and its controller's certificate is such a one. */
  void closeIf(Predicate<X509Certificate> which, CloseReason reason) {
    lock.lock();
    try {
      var link = current == null ? null : current.open;
      if (link != null && which.test(link.session.principal().certificate())) {
        link.connection.close(reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the link: no further attempt, and the controller is told. */
  void stop() {
    lock.lock();
    try {
      state = State.STOPPED;
      if (current == null) {
        over.countDown();
      } else {
        current.stop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a stopped link is gone; then, or when the time is up, nothing is left of it. */
  void awaitEnd(Duration limit) {
    try {
      if (over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    lock.lock();
    try {
      if (current != null) {
        current.abort("not closed in time");
      }
    } finally {
      lock.unlock();
    }
  }

  /** A failure is told once; what follows it only in detail, until a link lasts. */
  private void logEnd(String reason) {
    LOG.log(
        failing ? Level.DEBUG : Level.WARNING,
        () -> "controller " + address + " not connected: " + reason);
    failing = true;
  }

  /** One wire, from the dialling to its end. */
  private final class Attempt implements Dialler.Events {
    private Dialler.@Nullable Wire wire;
    private volatile @Nullable Open open;
    private long pingedNanos;

    @Override
    public void opened(X509Certificate certificate) {
      lock.lock();
      try {
        if (current != this || wire == null || state == State.STOPPED) {
          return;
        }
        switch (DialledServer.identify(address.authority(), certificate)) {
          case Identification.Refused(_, var detail) -> abort(detail);
          case Identification.Identified(var principal) -> opened(wire, principal);
        }
      } finally {
        lock.unlock();
      }
    }

    private void opened(Dialler.Wire opened, PeerPrincipal principal) {
      if (!acceptable.test(principal.certificate())) {
        abort("its certificate is revoked, or revocation cannot be checked");
        return;
      }
      var connection = new LinkConnection(opened, address.authority(), limits);
      pingedNanos = limits.ticker().nanos();
      open = new Open(connection, controllers.connected(address, principal, connection));
      state = State.CONNECTED;
    }

    @Override
    public void text(String text) {
      var link = open;
      if (link != null) {
        link.connection.received(Outbound.Text.of(text).sizeBytes());
        controllers.receive(link.session, text);
      }
    }

    @Override
    public void binary() {
      var link = open;
      if (link != null) {
        link.connection.received(0);
        controllers.receive(link.session, ByteBuffer.allocate(0));
      }
    }

    @Override
    public void pong(ByteBuffer payload) {
      var link = open;
      if (link != null) {
        link.connection.ponged(payload);
      }
    }

    @Override
    public void ended(String reason) {
      lock.lock();
      try {
        if (current != this) {
          return;
        }
        current = null;
        var link = open;
        if (link != null) {
          link.connection.gone();
          controllers.disconnected(link.session);
          if (link.connection.age().compareTo(LASTING) >= 0) {
            failing = false;
            backOff.reset();
          }
        }
        if (state == State.STOPPED) {
          over.countDown();
        } else {
          logEnd(reason);
          state = State.WAITING;
          scheduler.after(backOff.next(), ControllerLink.this::dial);
        }
      } finally {
        lock.unlock();
      }
    }

    /** Needs the lock, as all that follows. */
    void abort(String reason) {
      ended(reason);
      if (wire != null) {
        wire.abort();
      }
    }

    void stop() {
      var link = open;
      if (link == null) {
        abort("stopping");
      } else {
        link.connection.close(CloseReason.STOPPING);
      }
    }

    void tick() {
      var link = open;
      if (link == null || link.connection.closedFor().isPresent()) {
        return;
      }
      var principal = link.session.principal();
      long now = limits.ticker().nanos();
      var meter = link.connection.meter();
      var owed = meter.unansweredPing(now);
      // A pong comes behind the messages that were sent before it, and those may have to wait.
      boolean silent = meter.silence(now).compareTo(limits.pongTimeout()) >= 0;
      if (principal.notAfter().isBefore(limits.clock().instant())) {
        link.connection.close(CloseReason.CERTIFICATE_EXPIRED);
      } else if (silent
          && owed.filter(time -> time.compareTo(limits.pongTimeout()) >= 0).isPresent()) {
        abort("no pong");
      } else if (owed.isEmpty() && now - pingedNanos >= limits.pingInterval().toNanos()) {
        pingedNanos = now;
        link.connection.ping();
      }
    }
  }

  /** What an attempt came to. */
  private record Open(LinkConnection connection, ClientSession session) {}
}
