package org.parley.pcp.broker;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.parley.core.CloseReason;
import org.parley.core.Outbound;
import org.parley.pcp.codec.InventoryCodec;
import org.parley.pcp.codec.InventoryDecoded;
import org.parley.pcp.message.BrokerMessages;
import org.parley.pcp.message.InventoryFilter;
import org.parley.pcp.message.InventoryRequest;
import org.parley.pcp.message.JsonText;
import org.parley.pcp.message.MessageId;
import org.parley.session.ClientSession;
import org.parley.session.ClientUri;
import org.parley.session.InventoryWatch;
import org.parley.session.SessionLookup;
import org.parley.session.SessionRegistry;

/**
 * Answers inventory requests and keeps the subscriptions (PCP 2.0, inventory): one a session, its
 * updates in batches, the response always before the first of them.
 */
public final class Inventory {
  /** How many changes one update is made from; what is behind them waits in the journal. */
  private static final int CHANGES_AT_ONCE = 10_000;

  private final SessionRegistry registry;
  private final SessionLookup sessions;
  private final SessionEncoder encoder;
  private final InventoryCodec codec;
  private final BrokerMessages messages;
  private final Replies replies;
  private final int maximumUpdateBytes;
  private final ConcurrentHashMap<ClientSession, Subscription> subscriptions =
      new ConcurrentHashMap<>();

  /**
   * @param sessions who may have a subscription: clients, and controllers that are no clients
   * @param maximumUpdateBytes of the data of one update; more changes make more updates
   */
  public Inventory(
      SessionRegistry registry,
      SessionLookup sessions,
      InventoryCodec codec,
      SessionEncoder encoder,
      BrokerMessages messages,
      Replies replies,
      int maximumUpdateBytes) {
    this.registry = registry;
    this.sessions = sessions;
    this.codec = codec;
    this.encoder = encoder;
    this.messages = messages;
    this.replies = replies;
    this.maximumUpdateBytes = maximumUpdateBytes;
  }

  /** Answers one {@code inventory_request}; replaces the session's subscription, or ends it. */
  Outcome answer(ClientSession session, MessageId requestId, Optional<JsonText> data) {
    return switch (codec.decodeRequest(data)) {
      case InventoryDecoded.Complete(var request) -> {
        answer(session, requestId, request);
        yield Outcome.HANDLED;
      }
      case InventoryDecoded.Rejected(var reason) -> {
        replies.invalidRequest(session, requestId, reason);
        yield Outcome.INVALID_REQUEST;
      }
    };
  }

  private void answer(ClientSession session, MessageId requestId, InventoryRequest request) {
    // From here on no update of the former subscription can follow the response.
    end(session);
    var filter = new InventoryFilter(request.query());
    if (!request.subscribe()) {
      var clients = registry.sessions().stream().map(ClientSession::uri).toList();
      respond(session, requestId, filter, clients);
      return;
    }
    var opened = registry.watch();
    if (!respond(session, requestId, filter, opened.clients())) {
      opened.watch().close();
      return;
    }
    // Only now do batches see it: no update can come before the response.
    subscriptions.put(session, new Subscription(session, filter, opened.watch()));
    if (!sessions.isCurrent(session)) {
      end(session);
    }
  }

  /** Ends the session's subscription, if it has one; no update is sent after this returns. */
  void end(ClientSession session) {
    var subscription = subscriptions.remove(session);
    if (subscription != null) {
      subscription.end();
    }
  }

  /** Sends every subscriber what changed since the last batch. A timer calls it. */
  public void sendUpdates() {
    subscriptions.values().forEach(Subscription::sendUpdates);
  }

  /** Returns the sessions that have a subscription. */
  Collection<ClientSession> subscribers() {
    return Collections.unmodifiableCollection(subscriptions.keySet());
  }

  /** Returns how many sessions have a subscription. */
  public int subscriptions() {
    return subscriptions.size();
  }

  private boolean respond(
      ClientSession session,
      MessageId requestId,
      InventoryFilter filter,
      Collection<ClientUri> clients) {
    var matching = clients.stream().filter(filter::matches).toList();
    return replies.send(
        session, messages.inventoryResponse(session.uri(), requestId, codec.encodeUris(matching)));
  }

  /** One session's interest, and the updates that found no room yet. */
  private final class Subscription {
    private final ClientSession session;
    private final InventoryFilter filter;
    private final InventoryWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Outbound> unsent = new ArrayDeque<>(1);
    private boolean ended;

    Subscription(ClientSession session, InventoryFilter filter, InventoryWatch watch) {
      this.session = session;
      this.filter = filter;
      this.watch = watch;
    }

    void end() {
      lock.lock();
      try {
        ended = true;
        watch.close();
      } finally {
        lock.unlock();
      }
    }

    void sendUpdates() {
      lock.lock();
      try {
        if (!ended && watch.overrun()) {
          session.connection().close(CloseReason.TOO_SLOW);
          return;
        }
        // A peer that reads slowly: the rest waits for a later batch, within the journal's limit.
        while (!ended && next().isPresent() && sendNext()) {}
      } finally {
        lock.unlock();
      }
    }

    private Optional<Outbound> next() {
      while (unsent.isEmpty()) {
        var changes = watch.poll(CHANGES_AT_ONCE);
        if (changes.isEmpty()) {
          return Optional.empty();
        }
        var wanted = changes.stream().filter(change -> filter.matches(change.client())).toList();
        for (var data : codec.encodeChanges(wanted, maximumUpdateBytes)) {
          unsent.add(encoder.own(session, messages.inventoryUpdate(session.uri(), data)));
        }
      }
      return Optional.of(unsent.element());
    }

    private boolean sendNext() {
      return switch (session.connection().send(unsent.element())) {
        case QUEUED -> {
          unsent.remove();
          yield true;
        }
        case FULL, CLOSED -> false;
      };
    }
  }
}
