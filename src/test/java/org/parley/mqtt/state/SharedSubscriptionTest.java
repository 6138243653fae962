package org.parley.mqtt.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.mqtt.packet.QoS.AT_LEAST_ONCE;
import static org.parley.mqtt.packet.QoS.AT_MOST_ONCE;
import static org.parley.mqtt.packet.QoS.EXACTLY_ONCE;
import static org.parley.mqtt.state.Driver.one;
import static org.parley.mqtt.state.Driver.only;
import static org.parley.mqtt.state.Driver.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.packet.QoS;
import org.parley.mqtt.state.Command.Acknowledge.Kind;
import org.parley.mqtt.state.Event.DropReason;

class SharedSubscriptionTest {
  private static final String FILTER = "$share/g/a/+";

  private final Driver driver = new Driver();

  private Event.Attached member(String clientId, int receiveMaximum, QoS qos) {
    var attached = driver.attach(clientId, true, 100, receiveMaximum, null);
    driver.subscribe(attached, 4, request(FILTER, qos));
    return attached;
  }

  private List<String> receivers(int messages, QoS qos) {
    var names = new ArrayList<String>();
    for (int i = 0; i < messages; i++) {
      var events = driver.publish("a/b", qos, "m" + i);
      only(events, Event.Enqueued.class).forEach(each -> names.add(each.session().clientId()));
      only(events, Event.Delivered.class).forEach(each -> names.add(each.session().clientId()));
    }
    return names;
  }

  @Test
  void givenMembersOnline_whenPublished_thenOneGetsEachInTurn() {
    member("x", 10, AT_LEAST_ONCE);
    member("y", 10, AT_LEAST_ONCE);

    assertThat(receivers(4, AT_LEAST_ONCE)).containsExactly("x", "y", "x", "y");
    assertThat(receivers(4, AT_MOST_ONCE)).containsExactly("x", "y", "x", "y");
  }

  @Test
  void givenMemberWithAFullWindow_whenPublished_thenTheOthersGetIt() {
    member("x", 1, AT_LEAST_ONCE);
    member("y", 10, AT_LEAST_ONCE);

    assertThat(receivers(4, AT_LEAST_ONCE)).containsExactly("x", "y", "y", "y");
  }

  @Test
  void givenAllOffline_whenPublished_thenKeptForOneAndQos0Dropped() {
    var x = member("x", 10, AT_LEAST_ONCE);
    driver.detach(x);

    assertThat(driver.publish("a/b", AT_LEAST_ONCE, "1")).isEmpty();
    var dropped = one(driver.publish("a/b", AT_MOST_ONCE, "2"), Event.Dropped.class);

    assertThat(dropped.reason()).isEqualTo(DropReason.OFFLINE);
    assertThat(x.session().queued()).isOne();
  }

  @Test
  void givenUnsentForAGroup_whenTheMemberGoesOffline_thenMovedToWhoIsOnline() {
    var x = member("x", 1, EXACTLY_ONCE);
    var plain = request("p", EXACTLY_ONCE);
    driver.subscribe(x, 0, plain);
    receivers(3, EXACTLY_ONCE);
    driver.publish("p", EXACTLY_ONCE, "plain");
    member("y", 10, AT_LEAST_ONCE);

    var moved = only(driver.detach(x), Event.Enqueued.class);

    assertThat(moved)
        .extracting(each -> Driver.text(each.entry().delivery()))
        .containsExactly("m1", "m2");
    assertThat(moved)
        .allSatisfy(
            each -> {
              assertThat(each.session().clientId()).isEqualTo("y");
              assertThat(each.entry().delivery().qos()).isEqualTo(AT_LEAST_ONCE);
              assertThat(each.entry().delivery().subscriptionIds()).containsExactly(4);
              assertThat(each.entry().group()).contains(Driver.filter(FILTER));
            });
    assertThat(Driver.texts(driver.attach("x", false, 100).queue())).containsExactly("m0", "plain");
  }

  @Test
  void givenNobodyElseOnline_whenTheMemberGoesOffline_thenItKeepsWhatItHas() {
    driver.detach(member("y", 10, AT_LEAST_ONCE));
    var x = member("x", 1, AT_LEAST_ONCE);
    receivers(3, AT_LEAST_ONCE);

    assertThat(driver.detach(x)).isEmpty();

    assertThat(x.session().queued()).isEqualTo(3);
  }

  @Test
  void givenQos1Unacknowledged_whenTheSessionEnds_thenAnotherMemberGetsIt() {
    var x = member("x", 10, AT_LEAST_ONCE);
    receivers(2, AT_LEAST_ONCE);
    var y = member("y", 10, AT_LEAST_ONCE);
    driver.detach(y);

    var events = driver.apply(new Command.EndSession("x"));

    assertThat(only(events, Event.Removed.class)).isEmpty();
    assertThat(y.session().queued()).isEqualTo(2);
    assertThat(x.session().online()).isFalse();
  }

  @Test
  void givenQos2_whenTheSessionEnds_thenOnlyWhatWasCertainlyNotStartedMoves() {
    var x = member("x", 2, EXACTLY_ONCE);
    receivers(4, EXACTLY_ONCE);
    driver.acknowledge(x, 0, Kind.PUBREC);
    member("y", 10, EXACTLY_ONCE);

    var events = driver.apply(new Command.EndSession("x"));

    assertThat(only(events, Event.Enqueued.class))
        .extracting(each -> Driver.text(each.entry().delivery()))
        .containsExactly("m2", "m3");
    assertThat(Driver.text(one(events, Event.Removed.class).entry().delivery())).isEqualTo("m1");
  }

  @Test
  void givenTakeover_whenTheSessionGoesOn_thenNothingMoves() {
    member("x", 1, AT_LEAST_ONCE);
    receivers(3, AT_LEAST_ONCE);
    member("y", 10, AT_LEAST_ONCE);

    var events = driver.attaching("x", false, 100, 1, null);

    assertThat(only(events, Event.Enqueued.class)).isEmpty();
    assertThat(one(events, Event.Attached.class).queue()).hasSize(3);
  }

  @Test
  void givenLastMember_whenItsSessionEnds_thenWhatItHadIsGone() {
    var x = member("x", 1, AT_LEAST_ONCE);
    receivers(2, AT_LEAST_ONCE);

    var events = driver.apply(new Command.EndSession("x"));

    assertThat(only(events, Event.Removed.class)).hasSize(2);
    assertThat(x.session().online()).isFalse();
    assertThat(driver.publish("a/b", AT_LEAST_ONCE, "x")).isEmpty();
  }

  @Test
  void givenOverflowThatEndsSessions_whenOneGivesItsMessagesToTheNext_thenEachEndsOnce() {
    var chain =
        new Driver(
            new StateLimits(2_000, 2, 100_000, StateLimits.Overflow.END_SESSION, 10, 10, 1_000));
    for (int i = 0; i < 1_000; i++) {
      var member = chain.attach("c" + i, true, 100, 1, null);
      chain.subscribe(member, FILTER, AT_LEAST_ONCE);
      chain.publish("a/b", AT_LEAST_ONCE, "x");
    }
    int ended = 0;
    for (int i = 0; i < 2_000; i++) {
      ended += only(chain.publish("a/b", AT_LEAST_ONCE, "y"), Event.SessionEnded.class).size();
    }

    assertThat(ended).isEqualTo(1_000);
    assertThat(chain.state.sessionCount()).isZero();
    assertThat(chain.state.onlineCount()).isZero();
  }
}
