package org.parley.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.edge.settings.SettingException;
import org.parley.policy.BuiltInPolicy;
import org.parley.policy.Decision.Allowed;
import org.parley.policy.MqttAuthorization;
import org.parley.policy.Peers;
import org.parley.policy.file.Policies;
import org.parley.testing.LoggedLines;

class PolicyFileTest {
  private static final String AGENTS = allowing("agent");
  private static final String CONTROLLERS = allowing("controller");

  private final FakeFile file = new FakeFile();
  @RegisterExtension final LoggedLines logged = LoggedLines.warningsOf(PolicyFile.class);

  /** A file whose state and content are set apart, as a writer that is slow shows them. */
  private static final class FakeFile implements WatchedFile.Source {
    private int version;
    private String content = AGENTS;
    private boolean there = true;
    private int readings;
    private Runnable whenRead = () -> {};

    void write(String text) {
      version++;
      content = text;
    }

    @Override
    public Object version() throws IOException {
      if (!there) {
        throw new IOException("gone");
      }
      return version;
    }

    @Override
    public byte[] bytes() {
      readings++;
      var bytes = content.getBytes(StandardCharsets.UTF_8);
      whenRead.run();
      return bytes;
    }
  }

  private static String allowing(String clientType) {
    return Policies.file(
        Policies.allow("only", "action: associate\nwho: {client_type: " + clientType + "}"));
  }

  private PolicyFile opened() {
    return new PolicyFile(Optional.of(file), new BuiltInPolicy(List.of()));
  }

  private static boolean lets(PolicyFile policy, String clientType) {
    return policy.decide(Peers.associate("client01", clientType)) instanceof Allowed;
  }

  private static void assertInForce(PolicyFile policy, String clientType) {
    assertThat(lets(policy, clientType)).isTrue();
    assertThat(lets(policy, clientType.equals("agent") ? "controller" : "agent")).isFalse();
  }

  @Test
  void givenNoFile_whenAsked_thenTheBuiltInPolicy() {
    var policy = new PolicyFile(Optional.empty(), new BuiltInPolicy(List.of()));

    assertThat(policy.poll()).isFalse();
    assertInForce(policy, "agent");
    assertThat(policy.builtIn()).isTrue();
    assertThat(policy.problem()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing", "version: 1", "version: 1\nrules: []", "a: b"})
  @Tag("edge-180")
  @Tag("CVE-2018-12550")
  void givenBadFileAtTheStart_whenRead_thenOneLineWithTheSettingAndThePlace(String text) {
    file.write(text);

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(this::opened)
        .withMessageMatching(
            "parley\\.policy \\(PARLEY_POLICY\\) cannot be used: line \\d, column \\d: .+\\.");
  }

  @Test
  @Tag("CVE-2018-20145")
  void givenNoFileAtTheStart_whenRead_thenOneLineWithTheSetting() {
    file.there = false;

    assertThatExceptionOfType(SettingException.class)
        .isThrownBy(this::opened)
        .withMessage("parley.policy (PARLEY_POLICY) cannot be used: the file cannot be read.");
  }

  @Test
  void givenFile_whenItDoesNotChange_thenReadOnce() {
    var policy = opened();

    assertThat(policy.poll()).isFalse();
    assertThat(policy.poll()).isFalse();
    assertInForce(policy, "agent");
    assertThat(file.readings).isEqualTo(1);
    assertThat(policy.builtIn()).isFalse();
    assertThat(policy.rules()).isEqualTo(1);
  }

  @Test
  void givenFileReplaced_whenFoundTheSameTwice_thenInForce() {
    var policy = opened();
    file.write(CONTROLLERS);

    assertThat(policy.poll()).isFalse();
    assertInForce(policy, "agent");
    assertThat(policy.poll()).isTrue();
    assertInForce(policy, "controller");
    assertThat(policy.poll()).isFalse();
  }

  @Test
  void givenFileThatIsBeingWritten_whenPolled_thenUsedOnlyWhenItIsDone() {
    var policy = opened();

    file.write(CONTROLLERS.substring(0, 30));
    assertThat(policy.poll()).isFalse();
    file.write(CONTROLLERS.substring(0, 60));
    assertThat(policy.poll()).isFalse();
    file.write(CONTROLLERS);
    assertThat(policy.poll()).isFalse();
    assertInForce(policy, "agent");

    assertThat(policy.poll()).isTrue();
    assertInForce(policy, "controller");
    assertThat(logged.lines()).isEmpty();
  }

  @Test
  void givenContentThatChangesWithoutTheState_whenPolled_thenNotUsedYet() {
    var policy = opened();
    file.write(CONTROLLERS.substring(0, 30));
    policy.poll();
    file.content = CONTROLLERS;

    assertThat(policy.poll()).isFalse();
    assertThat(policy.poll()).isTrue();
    assertInForce(policy, "controller");
  }

  @Test
  void givenFileThatChangesWhileItIsRead_whenPolled_thenNotUsedYet() {
    var policy = opened();
    file.write(CONTROLLERS);
    policy.poll();
    file.whenRead = () -> file.version++;

    assertThat(policy.poll()).isFalse();
    assertInForce(policy, "agent");
    file.whenRead = () -> {};

    assertThat(policy.poll()).isFalse();
    assertThat(policy.poll()).isTrue();
  }

  @Test
  void givenBadFileLater_whenPolled_thenTheFormerStaysAndItIsToldOnce() {
    var policy = opened();
    file.write("version: 1\nrules:\n  - nme: secret-host\n");

    for (int i = 0; i < 5; i++) {
      assertThat(policy.poll()).isFalse();
    }

    assertInForce(policy, "agent");
    assertThat(policy.problem()).contains("line 3, column 5: unknown key");
    assertThat(logged.lines())
        .containsExactly(
            "policy file not used, the former one stays in force: line 3, column 5: unknown key"
                + " \"nme\": use one of name, effect, action, who, target, message_type,"
                + " topics, retain, client_ids");
    assertThat(file.readings).as("a bad file is read twice, not for ever").isEqualTo(3);
  }

  @Test
  void givenProblem_whenTheFormerFileComesBack_thenItIsOverAndNothingHasChanged() {
    var policy = opened();
    file.write("bad");
    policy.poll();
    policy.poll();
    assertThat(policy.problem()).isPresent();
    file.write(AGENTS);

    assertThat(policy.poll()).isFalse();
    assertThat(policy.poll()).isFalse();
    assertThat(policy.problem()).isEmpty();
    assertInForce(policy, "agent");
  }

  @Test
  void givenFileThatVanishes_whenItComesBackUnchanged_thenItIsOver() {
    var policy = opened();
    file.there = false;

    assertThat(policy.poll()).isFalse();
    assertThat(policy.poll()).isFalse();
    assertThat(policy.problem()).contains("the file cannot be read");
    assertThat(logged.lines()).hasSize(1);
    assertInForce(policy, "agent");
    file.there = true;
    policy.poll();
    policy.poll();

    assertThat(policy.problem()).isEmpty();
  }

  @Test
  void givenChanges_whenTheyComeIntoForce_thenTheVersionRisesWithEach() {
    var policy = opened();
    long first = policy.version();
    var client = Peers.mqtt("a", "", "c");
    var authorization = MqttAuthorization.of(policy, client);
    assertThat(authorization.mayPublish("x", false)).isFalse();
    assertThat(policy.refusesClientId(client)).isFalse();

    file.write("nothing of use");
    policy.poll();
    policy.poll();
    assertThat(policy.version()).as("a bad file").isEqualTo(first);

    file.write(Policies.file(Policies.allow("all", "action: publish")));
    policy.poll();
    assertThat(policy.version()).as("seen once").isEqualTo(first);
    policy.poll();
    assertThat(policy.version()).isGreaterThan(first);
    assertThat(authorization.policyVersion()).isEqualTo(policy.version());
    assertThat(authorization.mayPublish("x", false)).isTrue();
  }
}
