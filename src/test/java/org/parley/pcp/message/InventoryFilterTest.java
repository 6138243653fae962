package org.parley.pcp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.session.ClientUri;

/** Section 1.7: a client is listed when any query element matches it. */
class InventoryFilterTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "*", "a*");
  private static final List<String> TYPES = List.of("agent", "controller", "*", "a*");

  @Test
  void givenEmptyQuery_whenMatched_thenNobodyIsCovered() {
    assertThat(new InventoryFilter(List.of()).matches(new ClientUri("a", "agent"))).isFalse();
  }

  @Test
  void givenBrokerInQuery_whenMatched_thenNobodyIsCovered() {
    var filter = new InventoryFilter(List.of(PcpUri.BROKER));

    assertThat(filter.matches(new ClientUri("a", "server"))).isFalse();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void givenRandomQuery_whenMatched_thenTheSameAsEveryElementInTurn(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      var query = new ArrayList<PcpUri>();
      for (int i = random.nextInt(4); i > 0; i--) {
        query.add(new PcpUri("pcp://" + pick(random, NAMES) + "/" + pick(random, TYPES)));
      }
      var filter = new InventoryFilter(query);
      for (String name : List.of("a", "b", "c", "d")) {
        for (String type : List.of("agent", "controller", "other")) {
          var client = new ClientUri(name, type);
          assertThat(filter.matches(client))
              .as("%s in %s", client, query)
              .isEqualTo(query.stream().anyMatch(uri -> uri.matches(client)));
        }
      }
    }
  }

  private static String pick(SplittableRandom random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
