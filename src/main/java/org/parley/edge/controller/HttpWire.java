package org.parley.edge.controller;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.parley.core.CloseReason;
import org.parley.core.LogText;
import org.parley.core.Outbound;
import org.parley.core.OutboundQueue.Done;

/**
 * One WebSocket of the JDK's HTTP client. It calls the listener one at a time and reads on when it
 * is asked to; pings it answers itself.
 */
final class HttpWire implements Dialler.Wire, WebSocket.Listener {
  private static final Logger LOG = System.getLogger(HttpWire.class.getName());
  private static final CloseReason TOO_BIG = new CloseReason(1009, "Message too big.");

  /** Codes that the JDK sends for no client; the phrase says what is meant. */
  private static final Set<Integer> SERVERS_ONLY =
      Set.of(1002, 1003, 1007, 1009, 1010, 1012, 1013, 1014);

  private static final int POLICY_VIOLATION = 1008;

  private final Dialler.Events events;
  private final LinkLimits limits;
  private final Scheduler scheduler;

  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicBoolean closing = new AtomicBoolean();
  private @Nullable HttpClient client;
  private LinkTls.@Nullable Handshake handshake;
  private volatile @Nullable WebSocket socket;
  private boolean over;

  /** The message that is coming in; only the listener's methods touch it. */
  private StringBuilder text = new StringBuilder();

  private long bytes;

  HttpWire(Dialler.Events events, LinkLimits limits, Scheduler scheduler) {
    this.events = events;
    this.limits = limits;
    this.scheduler = scheduler;
  }

  /** Takes what carries the attempt; returns false if it has been given up meanwhile. */
  boolean begin(HttpClient carrier, LinkTls.Handshake tls) {
    lock.lock();
    try {
      if (!over) {
        client = carrier;
        handshake = tls;
        return true;
      }
    } finally {
      lock.unlock();
    }
    carrier.shutdownNow();
    return false;
  }

  /** Lets go of everything, and says why, once. */
  void end(String reason) {
    HttpClient carrier;
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = true;
      carrier = client;
    } finally {
      lock.unlock();
    }
    var open = socket;
    if (open != null) {
      open.abort();
    }
    if (carrier != null) {
      carrier.shutdownNow();
    }
    events.ended(reason);
  }

  @Override
  public void onOpen(WebSocket opened) {
    socket = opened;
    var certificate = verified();
    if (certificate.isEmpty()) {
      opened.abort();
      end("no certificate");
      return;
    }
    events.opened(certificate.get());
    opened.request(1);
  }

  /** Returns the controller's certificate; empty, too, if the attempt has been given up. */
  private Optional<X509Certificate> verified() {
    lock.lock();
    try {
      return over || handshake == null ? Optional.empty() : handshake.verified();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    if (closing.get()) {
      from.request(1); // only the answer to our close matters now
      return null;
    }
    bytes += Outbound.Text.of(part.toString()).sizeBytes();
    if (bytes > limits.messageBytes()) {
      close(TOO_BIG);
    } else {
      text.append(part);
      if (last) {
        var whole = text.toString();
        forget();
        take(() -> events.text(whole));
      }
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    if (last && !closing.get()) {
      take(events::binary);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
    events.pong(payload);
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String phrase) {
    if (closing.compareAndSet(false, true)) {
      var reason = "closed with " + code + " \"" + LogText.escape(phrase) + '"';
      var _ = from.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((_, _) -> end(reason));
      scheduler.after(limits.closeTimeout(), () -> end(reason));
    } else {
      end("closed");
    }
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    end(HttpDialler.reason(failure));
  }

  private void forget() {
    text = new StringBuilder();
    bytes = 0;
  }

  /** Our own fault costs this connection and nothing else. */
  private void take(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "failed: a message of a controller", e);
      close(CloseReason.INTERNAL_ERROR);
    }
  }

  @Override
  public void write(Outbound message, Done done) {
    var open = socket;
    if (open == null) {
      done.written(false);
      return;
    }
    var _ =
        switch (message) {
          case Outbound.Text data ->
              open.sendText(data.text(), true).whenComplete((_, e) -> done.written(e == null));
          case Outbound.Binary data ->
              open.sendBinary(data.payload(), true).whenComplete((_, e) -> done.written(e == null));
        };
  }

  @Override
  public void ping(ByteBuffer payload) {
    var open = socket;
    if (open != null) {
      var _ = open.sendPing(payload);
    }
  }

  @Override
  public void close(CloseReason reason) {
    var open = socket;
    if (open == null) {
      end(reason.phrase());
    } else if (closing.compareAndSet(false, true)) {
      int code = SERVERS_ONLY.contains(reason.code()) ? POLICY_VIOLATION : reason.code();
      var _ = open.sendClose(code, reason.phrase());
      scheduler.after(limits.closeTimeout(), () -> end(reason.phrase()));
    }
  }

  @Override
  public void abort() {
    end("ended by the broker");
  }
}
