package org.parley.bench;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.packet.SubscriptionOptions;
import org.parley.mqtt.packet.TopicName;
import org.parley.mqtt.routing.Match;
import org.parley.mqtt.routing.Subscriber;
import org.parley.mqtt.routing.Subscription;
import org.parley.mqtt.routing.SubscriptionIndex;
import org.parley.mqtt.routing.Target;
import org.parley.mqtt.routing.TopicFilter;

/**
 * Who hears a topic: of many subscriptions, ten of a client, each message has one. In twenty,
 * twelve are exact, five have {@code +} and three end with {@code #}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(1)
public class TopicMatching {
  private static final int SITES = 100;
  private static final int PER_CLIENT = 10;
  private static final int MOST_TOPICS = 1 << 14;

  /** Coprime to the number of subscriptions: leads to each of them, far from the last one. */
  private static final int STEP = 7919;

  /** About as many topics as come again and again. */
  private static final int REPEATED = 64;

  /** Kinds of filters. */
  private enum Kind {
    EXACT,
    PLUS,
    HASH;

    static Kind of(int subscription) {
      int place = subscription % 20;
      return place < 12 ? EXACT : place < 17 ? PLUS : HASH;
    }

    String filter(int subscription) {
      int site = subscription / 20 % SITES;
      return switch (this) {
        case EXACT -> "site/" + site + "/meter/" + subscription + "/state";
        case PLUS -> "site/" + site + "/+/" + subscription + "/alarm";
        case HASH -> "site/" + site + "/area/" + subscription + "/#";
      };
    }

    TopicName topic(int subscription) {
      var filter = filter(subscription);
      return TopicName.of(
          switch (this) {
            case EXACT -> filter;
            case PLUS -> filter.replace("+", "pump");
            case HASH -> filter.replace("#", "room/7/light");
          });
    }
  }

  /** A session, as far as the index looks at it. */
  private static final class Client implements Subscriber {
    private final String clientId;

    Client(int number) {
      clientId = "client" + number;
    }

    @Override
    public String clientId() {
      return clientId;
    }

    @Override
    public boolean online() {
      return true;
    }

    @Override
    public boolean hasRoom() {
      return true;
    }
  }

  @Param({"1000", "100000", "1000000"})
  public int subscriptions;

  private final SubscriptionIndex index = new SubscriptionIndex();
  private final Subscription newcomer = subscription(new Client(-1), "+/newcomer/#");
  private TopicName[] exact;
  private TopicName[] plus;
  private TopicName[] hash;
  private TopicName[] repeated;
  private int next;
  private Target heard;
  private final Match.TargetVisitor visitor = target -> heard = target;

  private static Subscription subscription(Client client, String filter) {
    return new Subscription(
        client,
        TopicFilter.parse(filter).orElseThrow(),
        SubscriptionOptions.of(QoS.AT_LEAST_ONCE),
        0);
  }

  /** Makes the subscriptions and the topics, and sees that each topic has one hearer. */
  @Setup
  public void prepare() {
    var client = new Client(0);
    for (int i = 0; i < subscriptions; i++) {
      client = i % PER_CLIENT == 0 ? new Client(i / PER_CLIENT) : client;
      index.put(subscription(client, Kind.of(i).filter(i)));
    }
    index.put(newcomer);
    exact = topics(Kind.EXACT);
    plus = topics(Kind.PLUS);
    hash = topics(Kind.HASH);
    repeated = kept();
  }

  private TopicName[] topics(Kind kind) {
    var topics = new ArrayList<TopicName>();
    for (int i = 0; i < subscriptions && topics.size() < MOST_TOPICS; i++) {
      int at = (int) ((long) i * STEP % subscriptions);
      if (Kind.of(at) == kind) {
        var topic = kind.topic(at);
        if (deliver(topic) != 1) {
          throw new IllegalStateException("not one hearer: " + topic);
        }
        topics.add(topic);
      }
    }
    return topics.toArray(TopicName[]::new);
  }

  /** Those of a few that do not push each other out. */
  private TopicName[] kept() {
    var few = IntStream.range(0, REPEATED).mapToObj(i -> Kind.of(i).topic(i)).toList();
    var matches = few.stream().map(index::match).toList();
    return IntStream.range(0, REPEATED)
        .filter(i -> index.match(few.get(i)) == matches.get(i))
        .mapToObj(few::get)
        .toArray(TopicName[]::new);
  }

  private int deliver(TopicName topic) {
    return index.match(topic).forEach("publisher", visitor);
  }

  /** When all topics have had their turn, a change puts all out of date that is kept of them. */
  private int deliverAnew(TopicName[] topics) {
    if (next >= topics.length) {
      next = 0;
      index.put(newcomer);
    }
    return deliver(topics[next++]);
  }

  /** A few topics of all kinds, again and again: each has its match kept. */
  @Benchmark
  public int repeated() {
    next = next < repeated.length ? next : 0;
    return deliver(repeated[next++]);
  }

  /** Topics that have nothing kept; an exact filter matches. */
  @Benchmark
  public int anewByExact() {
    return deliverAnew(exact);
  }

  /** The same; a filter with {@code +} matches. */
  @Benchmark
  public int anewByPlus() {
    return deliverAnew(plus);
  }

  /** The same; a filter with {@code #} matches. */
  @Benchmark
  public int anewByHash() {
    return deliverAnew(hash);
  }
}
