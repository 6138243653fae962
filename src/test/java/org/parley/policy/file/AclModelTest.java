package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.Peers.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.parley.policy.Action;
import org.parley.policy.Decision;
import org.parley.policy.RulePolicy;

/** Random ACL files: the policy made of them against a naive reading of them. */
class AclModelTest {
  private static final int SEEDS = 300;

  private static final List<String> LEVELS = List.of("a", "b%c", "ada", "c1", "$x", "");
  private static final List<String> TOPICS =
      Stream.of(
              LEVELS.stream(),
              LEVELS.stream().flatMap(one -> LEVELS.stream().map(two -> one + "/" + two)),
              LEVELS.stream().flatMap(one -> LEVELS.stream().map(two -> one + "/" + two + "/a")))
          .flatMap(topics -> topics)
          .filter(topic -> !topic.isEmpty())
          .toList();
  private static final List<String> PARTS =
      List.of("a", "b%c", "ada", "c1", "$x", "", "+", "+", "%c", "%u", "x%cx", "#");

  /** An empty user is none. */
  private record Client(String user, String id) {
    /** Whether each name can be put into a topic, or has a wildcard in it, which both refuse. */
    boolean plain() {
      return !(user + id).matches(".*[/$].*");
    }

    boolean may(RulePolicy policy, String topic, boolean write) {
      var subject = mqtt("", user, id);
      var action =
          write ? new Action.Publish(subject, topic, false) : new Action.Subscribe(subject, topic);
      return policy.decide(action) instanceof Decision.Allowed;
    }
  }

  private static final List<Client> CLIENTS =
      List.of(
          new Client("", "c1"),
          new Client("ada", "c1"),
          new Client("bob b", "c2"),
          new Client("eve", "ada"),
          new Client("ada", "c+"),
          new Client("#", "c1"),
          new Client("", "+"),
          new Client("ada", "a/a"),
          new Client("$x", "c1"),
          new Client("a/a", "$x"));

  private static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  private static String oneOf(SplittableRandom random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static String filter(SplittableRandom random) {
    var filter = oneOf(random, PARTS);
    for (int more = random.nextInt(3); more > 0 && !filter.endsWith("#"); more--) {
      filter += "/" + oneOf(random, PARTS);
    }
    return filter.isEmpty() ? "a" : filter;
  }

  private static List<String> file(SplittableRandom random) {
    var lines = new ArrayList<String>();
    for (int more = 1 + random.nextInt(8); more > 0; more--) {
      if (random.nextInt(4) == 0) {
        lines.add("user " + oneOf(random, List.of("ada", "bob b", "$x")));
      }
      var keyword = oneOf(random, List.of("topic", "pattern"));
      var access = oneOf(random, List.of("read", "write", "readwrite", "deny"));
      lines.add(keyword + " " + access + " " + filter(random));
    }
    return lines;
  }

  private static RulePolicy policy(List<String> lines) {
    var bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    var made = (AclConverted.Made) AclConverter.convert(bytes);
    return Policies.policy(made.policy());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void givenRandomFile_whenTopicIsUsed_thenAsMosquittoDecides(long seed) {
    var lines = file(new SplittableRandom(seed));
    var policy = policy(lines);
    var model = NaiveAcl.of(lines);

    for (var client : CLIENTS) {
      for (var topic : TOPICS) {
        for (boolean write : new boolean[] {true, false}) {
          boolean expected = model.may(client.user, client.id, topic, write ? "write" : "read");
          boolean allowed = client.may(policy, topic, write);
          if (client.plain() ? allowed != expected : allowed && !expected) {
            assertThat(allowed).as("%s %s %s %s", lines, client, topic, write).isEqualTo(expected);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void givenRandomFile_whenFilterIsGranted_thenEachOfItsTopicsMayBeRead(long seed) {
    var random = new SplittableRandom(seed);
    var lines = file(random);
    var policy = policy(lines);
    var model = NaiveAcl.of(lines);

    for (int i = 0; i < 50; i++) {
      var filter = filter(random);
      for (var client : CLIENTS) {
        if (client.may(policy, filter, false)) {
          assertThat(TOPICS)
              .as("%s %s %s", lines, client, filter)
              .filteredOn(topic -> NaiveAcl.matches(filter, topic))
              .allMatch(topic -> model.may(client.user, client.id, topic, "read"));
        }
      }
    }
  }

  /** Of what the two above compare there is enough of each kind. */
  @Test
  void givenSeeds_whenCounted_thenAllowedAndDeniedAndGranted() {
    long asked = 0;
    long allowed = 0;
    long granted = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      var random = new SplittableRandom(seed);
      var policy = policy(file(random));
      var filter = filter(random);
      for (var client : CLIENTS) {
        asked += TOPICS.size();
        allowed += TOPICS.stream().filter(topic -> client.may(policy, topic, true)).count();
        granted += filter.contains("+") && client.may(policy, filter, false) ? 1 : 0;
      }
    }
    assertThat(allowed).isBetween(asked / 20, asked / 2);
    assertThat(granted).isGreaterThan(20);
  }
}
