package org.parley.testing.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.parley.core.ByteWire;
import org.parley.mqtt.broker.Authentication;
import org.parley.mqtt.broker.Authorization;
import org.parley.mqtt.packet.BinaryData;
import org.parley.mqtt.packet.Connect;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Owner;

/**
 * Who may connect and do what, as a test sets it. Everybody may do all at first. The Authentication
 * Method {@link #METHOD} asks as often as {@link #challenges} says, and then wants {@link #PROOF}.
 */
public final class TestAccess implements Authentication {
  public static final String METHOD = "X-TEST";
  public static final String PROOF = "proof";

  /** Topics and filters that nobody may use. */
  public final Set<String> denied = ConcurrentHashMap.newKeySet();

  /** Topics that nobody may publish to; subscribing is another matter. */
  public final Set<String> closed = ConcurrentHashMap.newKeySet();

  /** Client Identifiers that may publish nothing any more. */
  public final Set<String> silenced = ConcurrentHashMap.newKeySet();

  /** Topics about which asking fails: an error of ours. */
  public final Set<String> failing = ConcurrentHashMap.newKeySet();

  /** Client Identifiers that are refused with 0x85. */
  public final Set<String> refusedIds = ConcurrentHashMap.newKeySet();

  /** Client Identifiers that are refused with another reason. */
  public final Map<String, ReasonCode> refusals = new ConcurrentHashMap<>();

  /** Client Identifiers that may not be connected any more. */
  public final Set<String> banned = ConcurrentHashMap.newKeySet();

  /** Those among them who are told that an operator wanted it. */
  public final Set<String> bannedByOperator = ConcurrentHashMap.newKeySet();

  /** User names and passwords; a name that is not here may log in with anything. */
  public final Map<String, String> passwords = new ConcurrentHashMap<>();

  /** Until when what a Client Identifier has proved holds, milliseconds of the epoch. */
  public final Map<String, Long> validUntil = new ConcurrentHashMap<>();

  public volatile int challenges = 1;

  /** Runs whenever a CONNECT without Authentication Method is judged, before the verdict. */
  public volatile Runnable whenConnecting = () -> {};

  /** Runs whenever somebody wants to publish, a will too. */
  public volatile Runnable whenPublishing = () -> {};

  /** Runs whenever somebody wants to subscribe, after it was decided whether he may. */
  public volatile Runnable whenSubscribing = () -> {};

  /** How often the broker said that rights have changed. */
  public final AtomicLong told = new AtomicLong();

  private final AtomicLong version = new AtomicLong();

  /** The sets above have changed; the broker has to be told too. */
  public void changed() {
    version.incrementAndGet();
  }

  @Override
  public Exchange begin(ByteWire.Peer peer, Connect connect) {
    var method = connect.properties().authenticationMethod();
    if (method.isEmpty()) {
      return (_, verdict) -> verdict.accept(basic(peer, connect));
    }
    return method.get().equals(METHOD)
        ? new Challenging(peer, connect)
        : (_, verdict) -> verdict.accept(new Verdict.Refused(ReasonCode.BAD_AUTHENTICATION_METHOD));
  }

  private Verdict basic(ByteWire.Peer peer, Connect connect) {
    whenConnecting.run();
    var expected = connect.userName().map(passwords::get);
    var given =
        connect.password().map(data -> new String(data.toByteArray(), StandardCharsets.UTF_8));
    if (expected.isPresent() && !expected.equals(given)) {
      return new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }
    return admitted(peer, connect, Optional.empty());
  }

  private Verdict admitted(ByteWire.Peer peer, Connect connect, Optional<BinaryData> data) {
    if (refusedIds.contains(connect.clientId())) {
      return new Verdict.Refused(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    }
    var refusal = refusals.get(connect.clientId());
    if (refusal != null) {
      return new Verdict.Refused(refusal);
    }
    if (banned.contains(connect.clientId())) {
      return new Verdict.Refused(ReasonCode.NOT_AUTHORIZED);
    }
    var owner =
        new Owner(
            Optional.empty(),
            connect.userName(),
            connect.version().label(),
            peer.transport(),
            peer.remoteAddress());
    return new Verdict.Admitted(owner, new Rights(connect.clientId(), owner), data);
  }

  @Override
  public boolean mayPublish(Owner owner, String clientId, String topic, boolean retain) {
    return isAllowed(topic);
  }

  @Override
  public boolean mayStillPublish(Owner publisher, String clientId, String topic) {
    return mayPublish(clientId, topic);
  }

  @Override
  public void rightsChanged() {
    told.incrementAndGet();
  }

  private boolean mayPublish(String clientId, String topic) {
    return !silenced.contains(clientId) && !closed.contains(topic) && isAllowed(topic);
  }

  private boolean isAllowed(String topic) {
    if (failing.contains(topic)) {
      throw new IllegalStateException("as the test wants it");
    }
    return !denied.contains(topic);
  }

  private final class Rights implements Authorization {
    private final String clientId;
    private final Owner owner;

    Rights(String clientId, Owner owner) {
      this.clientId = clientId;
      this.owner = owner;
    }

    @Override
    public Optional<String> identity() {
      return owner.userName();
    }

    @Override
    public Owner publisher() {
      return owner;
    }

    @Override
    public long validUntil() {
      return validUntil.getOrDefault(clientId, Long.MAX_VALUE);
    }

    @Override
    public boolean mayConnect() {
      return !banned.contains(clientId);
    }

    @Override
    public boolean banned() {
      return bannedByOperator.contains(clientId);
    }

    @Override
    public boolean mayPublish(String topic, boolean retain) {
      whenPublishing.run();
      return TestAccess.this.mayPublish(clientId, topic);
    }

    @Override
    public boolean maySubscribe(String pattern) {
      boolean allowed = !denied.contains(pattern);
      whenSubscribing.run();
      return allowed;
    }

    @Override
    public long version() {
      return version.get();
    }
  }

  private final class Challenging implements Exchange {
    private final ByteWire.Peer peer;
    private final Connect connect;
    private int asked;

    Challenging(ByteWire.Peer peer, Connect connect) {
      this.peer = peer;
      this.connect = connect;
    }

    @Override
    public void step(Optional<BinaryData> data, Consumer<Verdict> verdict) {
      if (asked++ < challenges) {
        verdict.accept(new Verdict.Challenged(Optional.of(text("challenge " + asked))));
      } else if (data.equals(Optional.of(text(PROOF)))) {
        verdict.accept(admitted(peer, connect, Optional.of(text("welcome"))));
      } else {
        verdict.accept(new Verdict.Refused(ReasonCode.NOT_AUTHORIZED));
      }
    }

    private static BinaryData text(String text) {
      return BinaryData.of(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
