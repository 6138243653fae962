package org.parley.mqtt.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.parley.mqtt.broker.Authentication.Verdict;
import org.parley.mqtt.state.Owner;

class AccessTest {
  private record Rights(Owner publisher) implements Authorization {
    @Override
    public boolean mayConnect() {
      return true;
    }

    @Override
    public boolean mayPublish(String topic, boolean retain) {
      return true;
    }

    @Override
    public boolean maySubscribe(String pattern) {
      return true;
    }

    @Override
    public long version() {
      return 0;
    }
  }

  private static Verdict.Admitted admitted(String userName) {
    var owner = new Owner(Optional.empty(), Optional.of(userName), "mqtt-v5", "tls", "192.0.2.1");
    return new Verdict.Admitted(owner, new Rights(owner), Optional.empty());
  }

  @Test
  void givenPeerThatProvesToBeAnother_whenItPublishesToBeRetained_thenAsThat() {
    var access = new Access(admitted("ada"));
    assertThat(access.publisher().orElseThrow().userName()).hasValue("ada");
    assertThat(access.publisher().orElseThrow()).isSameAs(access.publisher().orElseThrow());

    access.renew(admitted("bob"));

    assertThat(access.publisher().orElseThrow().userName()).hasValue("bob");
  }
}
