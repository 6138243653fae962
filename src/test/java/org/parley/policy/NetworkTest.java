package org.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "host",
        "10",
        "10.0.0",
        "10.0.0.0.0",
        "10.0.0.",
        "10.0.0.256",
        "10.0.0.01",
        "10.0.0.-1",
        "10.0.0.+1",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.0/1000",
        "10.0.0.0/8/8",
        "10.0.0.1/8",
        "1２.0.0.1",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "g::",
        ":1::2",
        "1::2:",
        "::1.2.3",
        "::1.2.3.4:5",
        "10.0.0.0::/8",
        "1:2.3.4.5::6",
        "1:2:3:4:5:6:7:1.2.3.4",
        "2001:db8::/129",
        "2001:db8::1/32",
        "fe80::1%eth0"
      })
  void givenNoNetwork_whenRead_thenRefused(String text) {
    assertThat(Network.parse(text)).isEmpty();
  }

  private static boolean contains(String network, String address) {
    return Network.parse(network).orElseThrow().contains(address);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 11.0.0.0",
    "192.0.2.1, 192.0.2.2",
    "192.0.2.128/25, 192.0.2.127",
    "0.0.0.0/0, ::1",
    "::/0, 10.1.2.3",
    "::/0, ::ffff:10.1.2.3",
    "::/95, 0.0.0.1",
    "::ffff:10.0.0.0/104, 11.0.0.1",
    "2001:db8::/32, 2001:db9::",
    "2001:db8::/65, 2001:db8:0:0:8000::",
    "::1, ::2"
  })
  void givenAddressOutside_whenCompared_thenNotIn(String network, String address) {
    assertThat(contains(network, address)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255",
    "10.0.0.0/8, ::ffff:10.1.2.3",
    "10.0.0.0/8, ::ffff:0a01:0203",
    "10.0.0.0/8, 0:0:0:0:0:ffff:10.1.2.3",
    "::ffff:10.0.0.0/104, 10.1.2.3",
    "::ffff:0:0/96, 10.1.2.3",
    "0.0.0.0/0, 255.255.255.255",
    "192.0.2.1, 192.0.2.1",
    "192.0.2.128/25, 192.0.2.255",
    "::/0, 2001:db8::1",
    "::/0, ::",
    "::1, 0:0:0:0:0:0:0:1",
    "2001:db8::/32, 2001:DB8:ffff::1",
    "2001:db8::/65, 2001:db8:0:0:7fff::",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1::8, 1:0:0:0:0:0:0:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "64:ff9b::/96, 64:ff9b::192.0.2.1",
    "fe80::/10, fe80::1%eth0"
  })
  void givenAddressInside_whenCompared_thenIn(String network, String address) {
    assertThat(contains(network, address)).isTrue();
    assertThat(Network.parse(network).orElseThrow()).hasToString(network);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, true",
    "::/0, true",
    "::ffff:0:0/96, true",
    "0.0.0.0/1, false",
    "::/1, false",
    "2001:db8::/96, false"
  })
  void givenNetwork_whenItIsEverything_thenItSaysSo(String network, boolean all) {
    assertThat(Network.parse(network).orElseThrow().isAll()).isEqualTo(all);
  }

  @Test
  void givenNoAddress_whenCompared_thenNotIn() {
    assertThat(contains("::/0", "localhost")).isFalse();
  }
}
