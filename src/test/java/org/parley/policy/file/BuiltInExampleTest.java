package org.parley.policy.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.policy.Action;
import org.parley.policy.BuiltInPolicy;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.Peers;

/** The example of the documentation decides as the built-in policy. */
class BuiltInExampleTest {
  private static final List<String> NAMES =
      List.of(
          "boss",
          "Boss",
          "bossy",
          "client01",
          "orchestrator-1.example.com",
          "orchestrator-.example.com",
          "orchestrator-1xexample.com",
          "x.orchestrator-1.example.com");
  private static final List<String> CLIENT_TYPES =
      List.of(
          "agent", "controller", "Controller", "controllers", "server", "SERVER", "other:1.2_3");
  private static final List<String> TARGETS =
      List.of(
          "pcp:///server",
          "pcp://*/*",
          "pcp://client01/agent",
          "pcp://boss/controller",
          "pcp://a/b");
  private static final List<String> TYPES =
      List.of(
          "",
          "ping",
          "rpc_blocking_request",
          "http://puppetlabs.com/rpc_blocking_request",
          "http://puppetlabs.com/rpc_non_blocking_request",
          "http://puppetlabs.com/rpc_request",
          "http://puppetlabs.com/rpc_request2",
          "http://puppetlabs.com/rpc_a-b.c/d_request",
          "http://puppetlabs.com/rpc_blocking_response",
          "http://puppetlabs.com/rpc_error_message",
          "http://puppetlabs.com/inventory_request",
          "HTTP://puppetlabs.com/rpc_request");

  private static final List<String> FILTERS =
      List.of("a", "/", "a/b", "$", "$x", "$SYS", "$SYS/a", "$SYS/a/b", "$SYSTEM", "a/$SYS");

  private static List<Action> matrix() {
    var actions = new ArrayList<Action>();
    for (var name : NAMES) {
      for (var type : CLIENT_TYPES) {
        var subject = Peers.peer(name, type);
        actions.add(new Action.Associate(subject));
        actions.add(new Action.QueryInventory(subject));
        for (var target : TARGETS) {
          for (var messageType : TYPES) {
            actions.add(new Action.Send(subject, target, messageType));
          }
        }
      }
    }
    for (var client : List.of(Peers.mqtt("boss", "", "c"), Peers.mqtt("", "ada", "c"))) {
      actions.add(new Action.Connect(client));
      for (var topic : FILTERS) {
        actions.add(new Action.Publish(client, topic, false));
        actions.add(new Action.Subscribe(client, topic));
      }
    }
    return actions;
  }

  @Test
  @Tag("2.12-12")
  void givenEveryAction_whenDecidedByTheExample_thenAsByTheBuiltInPolicy() {
    var example = Policies.policy(Policies.example("built-in.yaml"));
    var builtIn = new BuiltInPolicy(List.of("boss", "orchestrator-*.example.com"));
    int allowed = 0;
    for (var action : matrix()) {
      boolean expected = builtIn.decide(action) instanceof Allowed;
      assertThat(example.decide(action) instanceof Allowed)
          .as(() -> example.explain(action).text())
          .isEqualTo(expected);
      allowed += expected ? 1 : 0;
    }
    assertThat(allowed).isBetween(1000, matrix().size() - 500);
  }
}
