package org.parley.testing.crash;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.parley.mqtt.packet.Acknowledgement.Puback;
import org.parley.mqtt.packet.ProtocolVersion;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.PublishBytes;

/**
 * Publishers, subscribers of every kind and ever new sessions, at a broker that is killed in the
 * middle of it, again and again. Begin, then rounds, then end; the ledger has what came of it.
 */
public final class Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int NO_END_MILLIS = 20_000;

  private final Ledger ledger = new Ledger();
  private final Random random;
  private final List<Publisher> publishers = new ArrayList<>();
  private final List<Subscriber> online = new ArrayList<>();
  private final List<Subscriber> all = new ArrayList<>();
  private final List<Receipts> receipts = new ArrayList<>();
  private final Keeper keeper;
  private final Newcomers newcomers;

  public Scenario(long seed) {
    random = new Random(seed);
    publisher("p1", 1, ProtocolVersion.V5);
    publisher("p2", 2, ProtocolVersion.V5);
    publisher("p12", 0, ProtocolVersion.V5);
    publisher("p311", 0, ProtocolVersion.V3_1_1);
    keeper = new Keeper(ledger, fork());
    newcomers = new Newcomers(ledger, fork());
    var alone = "crash/#";
    subscriber("steady", ProtocolVersion.V5, alone, 2, false, newReceipts("steady"));
    subscriber("once", ProtocolVersion.V5, alone, 1, false, newReceipts("once"));
    subscriber("restless", ProtocolVersion.V5, alone, 2, true, newReceipts("restless"));
    subscriber("old", ProtocolVersion.V3_1_1, alone, 2, true, newReceipts("old"));
    var group = newReceipts("the group");
    subscriber("member1", ProtocolVersion.V5, "$share/group/crash/#", 2, false, group);
    subscriber("member2", ProtocolVersion.V5, "$share/group/crash/#", 2, true, group);
    online.addAll(all);
    subscriber("absent", ProtocolVersion.V5, alone, 2, false, newReceipts("absent"));
  }

  private Random fork() {
    return new Random(random.nextLong());
  }

  private Receipts newReceipts(String name) {
    var made = new Receipts(name);
    receipts.add(made);
    return made;
  }

  private void publisher(String name, int qos, ProtocolVersion version) {
    var talker = new Talker(name, qos, ledger, fork());
    publishers.add(new Publisher(name, version, ledger, talker, fork()));
  }

  private void subscriber(
      String name,
      ProtocolVersion version,
      String filter,
      int qos,
      boolean restless,
      Receipts whose) {
    all.add(new Subscriber(name, version, filter, qos, restless, whose, ledger, fork()));
  }

  public Ledger ledger() {
    return ledger;
  }

  /** Makes the sessions and subscriptions that everything is to be delivered to. */
  public void begin(int port) throws IOException {
    for (var subscriber : all) {
      subscriber.begin(port);
    }
  }

  /**
   * Lets all of them work, kills the broker after so many acknowledged messages or so much time,
   * whichever comes first and both at random, and waits for their ends.
   */
  public void round(Victim victim, int port, int messages, Duration time) throws Exception {
    keeper.check(port);
    long count = ledger.acknowledgements() + random.nextInt(messages);
    var limit = Duration.ofMillis(random.nextLong(time.toMillis()));
    load(
        port,
        () -> {
          ledger.awaitAcknowledgements(count, limit);
          victim.kill();
        });
  }

  /** Lets all of them work until the broker ends their connections by itself. */
  public void load(int port) throws Exception {
    load(port, () -> {});
  }

  private interface Deed {
    void run() throws IOException, InterruptedException;
  }

  private void load(int port, Deed deed) throws Exception {
    var clients = new ArrayList<Client>(publishers);
    clients.addAll(online);
    clients.add(keeper);
    clients.add(newcomers);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var work = new ArrayList<Future<?>>();
      for (var client : clients) {
        work.add(threads.submit(() -> attempt(client.name(), () -> client.run(port))));
      }
      deed.run();
      await(work);
    }
  }

  private static void await(List<Future<?>> work)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (var each : work) {
      each.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  /** Does something that the end of the broker may end. */
  private void attempt(String who, Attempt attempt) {
    try {
      attempt.run();
    } catch (Line.Unexpected e) {
      ledger.refused(e.packet());
    } catch (SocketTimeoutException e) {
      ledger.fault(Fault.SILENT, who + ": " + e.getMessage());
    } catch (AssertionError e) {
      ledger.fault(Fault.NOT_MQTT, who + ": " + e.getMessage());
    } catch (IOException _) {
      // the end of the broker, or of its connections
    }
  }

  /** Brings everything to its end, while the broker lives; then once more after another kill. */
  public void end(Victim victim, int port) throws Exception {
    attempt(keeper.name(), () -> keeper.check(port));
    for (var publisher : publishers) {
      publisher.settle(port);
    }
    keeper.settle(port);
    attempt(keeper.name(), () -> keeper.check(port));
    attempt(newcomers.name(), () -> newcomers.check(port));
    mark(port);
    for (var subscriber : all) {
      try {
        subscriber.drain(port);
      } catch (SocketTimeoutException _) {
        ledger.fault(Fault.SUBSCRIPTION_LOST, subscriber.name() + " is not told of the end");
      }
    }
    ledger.settle(receipts);
    victim.kill();
    int next = victim.start();
    for (var subscriber : all) {
      attempt(subscriber.name(), () -> subscriber.after(next));
    }
  }

  /** Publishes the last message of each subscriber. */
  private void mark(int port) throws IOException {
    try (var line = Line.open(port, ProtocolVersion.V5)) {
      line.patience(NO_END_MILLIS);
      var _ = line.connect(ConnectBytes.v5("marker"));
      for (var subscriber : all) {
        line.send(PublishBytes.of(subscriber.end(), "the end").qos(1, 1));
        var _ = line.next(Puback.class);
      }
      line.disconnect();
    }
  }
}
