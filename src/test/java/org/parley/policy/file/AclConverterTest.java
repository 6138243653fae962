package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.parley.policy.Peers.mqtt;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.policy.Action;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.RulePolicy;
import org.parley.policy.Subject;

/** What mosquitto's documentation says of its ACL files, by the policy made of them. */
class AclConverterTest {
  private static final RulePolicy ACL =
      policy(
          """
          # general
          topic read $SYS/#
          topic news/#
             topic  write   inbox/with space\t
          topic deny news/internal

          user ada
          topic readwrite ada/#
          topic deny ada/secret
          topic read percent/%u/100%
          topic pinned
          user bob b
          topic #
          user ada
          topic write more

          pattern readwrite clients/%c/+
          pattern write users/%u/in
          pattern deny clients/+/private
          pattern deny pinned
          pattern read common
          """);

  static RulePolicy policy(String acl) {
    return Policies.policy(AclFiles.made(acl));
  }

  /** A client as {@code user:id}; without colon it has no user name. */
  private static Subject client(String name) {
    int colon = name.indexOf(':');
    return mqtt("", colon < 0 ? "" : name.substring(0, colon), name.substring(colon + 1));
  }

  private static boolean may(RulePolicy policy, Subject client, String action, String topic) {
    return policy.decide(
            action.equals("publish")
                ? new Action.Publish(client, topic, false)
                : new Action.Subscribe(client, topic))
        instanceof Allowed;
  }

  @ParameterizedTest
  @CsvSource({
    // the general section: clients without user name, and no others
    "c1, subscribe, $SYS/broker/uptime, true",
    "c1, publish, $SYS/broker/uptime, false",
    "c1, publish, news/x, true",
    "c1, subscribe, news, true",
    "ada:c1, subscribe, news/x, false",
    "eve:c1, subscribe, $SYS/broker/uptime, false",
    "c1, publish, inbox/with space, true",
    "c1, subscribe, inbox/with space, false",
    // deny comes first, whatever the order of the lines
    "c1, publish, news/internal, false",
    "c1, subscribe, news/internal, false",
    "c1, subscribe, news/internal/x, true",
    "ada:c1, publish, ada/secret, false",
    // users
    "ada:c1, publish, ada, true",
    "ada:c1, subscribe, ada/x/y, true",
    "ada:c1, subscribe, percent/%u/100%, true",
    "ada:c1, subscribe, percent/ada/100%, false",
    "ada:c1, publish, more, true",
    "bob b:c1, publish, any/thing, true",
    "bob:c1, publish, any/thing, false",
    "c1, publish, ada/x, false",
    "eve:c1, publish, ada/x, false",
    // # does not cover what begins with $
    "bob b:c1, subscribe, $SYS/broker/uptime, false",
    "bob b:c1, publish, $other, false",
    // patterns: everybody, after one's own section
    "c1, publish, clients/c1/x, true",
    "bob:c1, subscribe, clients/c1/x, true",
    "bob:c1, subscribe, clients/c2/x, false",
    "bob:c1, publish, clients/c1/private, false",
    "bob b:c1, publish, clients/c1/private, true",
    "ada:c1, publish, pinned, true",
    "eve:c1, publish, users/eve/in, true",
    "eve:c1, subscribe, users/eve/in, false",
    "eve:c1, publish, users/ada/in, false",
    "c1, publish, users/c1/in, false",
    "c1, subscribe, common, true",
    // a name with a wildcard widens no pattern (CVE-2017-7650)
    "+, publish, clients/c1/x, false",
    "#, publish, clients/c1/x, false",
    "+, publish, clients/+/x, false",
    "+, subscribe, common, false",
    "+:c1, publish, users/ada/in, false",
    "e#:c1, subscribe, common, false",
    "+, subscribe, news/x, true",
    "ada:c+, publish, ada/x, true"
  })
  void givenAclFile_whenTopicIsUsed_thenAsMosquittoDocuments(
      String client, String action, String topic, boolean allowed) {
    assertThat(may(ACL, client(client), action, topic)).isEqualTo(allowed);
  }

  /** Mosquitto lets every subscription pass and holds back the messages. */
  @ParameterizedTest
  @CsvSource({
    "bob b:c1, '#', true",
    "c1, news/+/x, true",
    "c1, news/#, false",
    "c1, '#', false",
    "ada:c1, ada/+/x, true",
    "ada:c1, ada/#, false",
    "ada:c1, +/x, false"
  })
  void givenBroadFilter_whenSubscribedTo_thenOnlyIfAllOfItMayBeRead(
      String client, String filter, boolean allowed) {
    assertThat(may(ACL, client(client), "subscribe", filter)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c1", "+", "ada:c1", "eve:#"})
  void givenAclFile_whenConnecting_thenAnybodyMay(String client) {
    assertThat(ACL.decide(new Action.Connect(client(client)))).isInstanceOf(Allowed.class);
  }

  @Test
  void givenCertificateWithoutUserName_whenTopicIsUsed_thenByPatternsAlone() {
    var certified = mqtt("ada", "", "c1");

    assertThat(may(ACL, certified, "publish", "clients/c1/x")).isTrue();
    assertThat(may(ACL, certified, "publish", "ada/x")).isFalse();
    assertThat(may(ACL, certified, "publish", "news/x")).isFalse();
    assertThat(certified.userName()).isEqualTo(Optional.empty());
  }

  /** What a name that cannot be put in would be denied, it is denied with everything else. */
  @ParameterizedTest
  @CsvSource({
    "a:c1, false, true", // denied by its own name
    "b:c1, true, true",
    "a/b:c1, false, false",
    "$a:c1, false, false",
    "b:a/b, true, true", // no pattern asks for the Client Identifier
    "c1, true, true"
  })
  void givenPatternThatDenies_whenNameCannotBePutIn_thenDeniedToo(
      String client, boolean own, boolean others) {
    var policy = policy("pattern deny x/%u\npattern deny x/a/b\npattern x/#");

    assertThat(may(policy, client(client), "publish", "x/a")).isEqualTo(own);
    assertThat(may(policy, client(client), "publish", "x/other")).isEqualTo(others);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"topic a", "user ada\ntopic a", "user ada\r\ntopic a\r\n", "topic readwrite a"})
  void givenNoAccess_whenConverted_thenReadAndWrite(String acl) {
    var policy = policy(acl);
    var client = client(acl.startsWith("user") ? "ada:c1" : "c1");

    assertThat(may(policy, client, "publish", "a")).isTrue();
    assertThat(may(policy, client, "subscribe", "a")).isTrue();
    assertThat(may(policy, client, "subscribe", "b")).isFalse();
  }

  @Test
  void givenOnlyDenials_whenConverted_thenNothingIsAllowed() {
    var policy = policy("topic deny a");

    assertThat(may(policy, client("c1"), "publish", "a")).isFalse();
    assertThat(may(policy, client("c1"), "publish", "b")).isFalse();
    assertThat(may(policy, client("c1"), "subscribe", "#")).isFalse();
  }
}
