package org.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerNetworkTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
    "2001:db8:1:2::6, 2001:db8:1:2::/64",
    "2001:db8::6, 2001:db8:0:0::/64",
    "2001:db8::1:2:3:4:5, 2001:db8:0:1::/64",
    "0:0:0:0:0:0:0:1, 0:0:0:0::/64",
    "::1, 0:0:0:0::/64",
    "::, 0:0:0:0::/64",
    "fe80:0:0:0:1:2:3:4%eth0, fe80:0:0:0::/64",
    "1:2, 1:2::/64",
    "1:2:3:4:5:6:7:8::9, 1:2:3:4::/64"
  })
  void givenAddress_whenItsNetworkIsAskedFor_thenWhatOneSiteHas(String address, String network) {
    assertThat(PeerNetwork.of(address)).isEqualTo(network);
  }
}
