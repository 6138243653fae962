package org.parley.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.parley.testing.ProxyHeaders.LOCAL;
import static org.parley.testing.ProxyHeaders.PROXY;
import static org.parley.testing.ProxyHeaders.TCP_OVER_IPV4;
import static org.parley.testing.ProxyHeaders.TCP_OVER_IPV6;
import static org.parley.testing.ProxyHeaders.fromIpv6;
import static org.parley.testing.ProxyHeaders.join;
import static org.parley.testing.ProxyHeaders.ofLength;
import static org.parley.testing.ProxyHeaders.summed;
import static org.parley.testing.ProxyHeaders.tlv;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.ProxyHeaders;

/** What is a header, whose connection it names, and at which byte a bad one is refused. */
class ProxyHeaderReaderTest {
  private static final int MOST = 536;
  private static final ProxyHeaderReader READER = new ProxyHeaderReader(MOST);
  private static final byte[] GOOD = ProxyHeaders.from("192.0.2.1", 4711);
  private static final int SSL = 0x20;
  private static final int NOOP = 0x04;
  private static final int SEQUENCES = 2000;

  private static ProxyHeader read(byte[] bytes) {
    return READER.read(ByteBuffer.wrap(bytes));
  }

  private static ProxyHeader complete(String address, int port, int length) {
    return new ProxyHeader.Complete(
        Optional.of(new InetSocketAddress(InetAddress.ofLiteral(address), port)), length);
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        argumentSet("IPv4", GOOD, "192.0.2.1"),
        argumentSet("IPv6", ProxyHeaders.from("2001:db8::1", 4711), "2001:db8::1"),
        argumentSet(
            "IPv4 mapped to IPv6",
            fromIpv6(HexFormat.of().parseHex("00000000000000000000ffffc0000201"), 4711),
            "192.0.2.1"),
        argumentSet(
            "TLVs",
            ProxyHeaders.from("192.0.2.1", 4711, tlv(NOOP), tlv(0xEA, new byte[100])),
            "192.0.2.1"),
        argumentSet("checksum", summed(GOOD), "192.0.2.1"),
        argumentSet(
            "checksum of IPv6", summed(ProxyHeaders.from("2001:db8::1", 4711)), "2001:db8::1"),
        argumentSet(
            "a client certificate that is none",
            ProxyHeaders.from("192.0.2.1", 4711, tlv(SSL, (byte) 7, (byte) 0)),
            "192.0.2.1"),
        argumentSet(
            "the most",
            ProxyHeaders.from("192.0.2.1", 4711, tlv(NOOP, new byte[MOST - 28 - 3])),
            "192.0.2.1"));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void givenGoodHeader_whenRead_thenItsSourceAndItsLengthOnly(byte[] header, String source) {
    var bytes = ByteBuffer.wrap(join(header, "and more".getBytes(US_ASCII)));

    assertThat(READER.read(bytes)).isEqualTo(complete(source, 4711, header.length));
    assertThat(bytes.position()).isZero();
  }

  @Test
  void givenLocal_whenRead_thenNoSourceWhateverElseItSays() {
    assertThat(read(ProxyHeaders.local()))
        .isEqualTo(new ProxyHeader.Complete(Optional.empty(), 16));
    var odd = ProxyHeaders.of(LOCAL, 0x31, new byte[] {1, 2, 3});
    assertThat(read(odd)).isEqualTo(new ProxyHeader.Complete(Optional.empty(), 19));
  }

  static Stream<Arguments> rejected() {
    return Stream.of(
        argumentSet("MQTT", bytes("100c0004"), ProxyRefusal.NO_HEADER, 1),
        argumentSet("TLS", bytes("160301"), ProxyRefusal.NO_HEADER, 1),
        argumentSet("HTTP", "POST / HTTP/1.1".getBytes(US_ASCII), ProxyRefusal.NO_HEADER, 2),
        argumentSet(
            "version 1", "PROXY TCP4 1.2.3.4".getBytes(US_ASCII), ProxyRefusal.VERSION_1, 6),
        argumentSet("signature", bytes("0d0a0d0a000d0a515549540b2111"), ProxyRefusal.NO_HEADER, 12),
        argumentSet("version 1 in binary", header(0x11, TCP_OVER_IPV4), ProxyRefusal.VERSION, 13),
        argumentSet("version 3", header(0x31, TCP_OVER_IPV4), ProxyRefusal.VERSION, 13),
        argumentSet("version 10", header(0xA1, TCP_OVER_IPV4), ProxyRefusal.VERSION, 13),
        argumentSet("command 2", header(0x22, TCP_OVER_IPV4), ProxyRefusal.COMMAND, 13),
        argumentSet("UNSPEC", header(PROXY, 0x00), ProxyRefusal.FAMILY, 14),
        argumentSet("UDP over IPv4", header(PROXY, 0x12), ProxyRefusal.FAMILY, 14),
        argumentSet("UDP over IPv6", header(PROXY, 0x22), ProxyRefusal.FAMILY, 14),
        argumentSet("UNIX stream", header(PROXY, 0x31), ProxyRefusal.FAMILY, 14),
        argumentSet("UNIX datagram", header(PROXY, 0x32), ProxyRefusal.FAMILY, 14),
        argumentSet("family 4", header(PROXY, 0x41), ProxyRefusal.FAMILY, 14),
        argumentSet(
            "shorter than its addresses",
            ofLength(PROXY, TCP_OVER_IPV4, 11, new byte[12]),
            ProxyRefusal.LENGTH,
            16),
        argumentSet(
            "IPv6 in the length of IPv4",
            ofLength(PROXY, TCP_OVER_IPV6, 12, new byte[36]),
            ProxyRefusal.LENGTH,
            16),
        argumentSet(
            "over the limit by one",
            ofLength(PROXY, TCP_OVER_IPV4, MOST - 15, new byte[MOST]),
            ProxyRefusal.LENGTH,
            16),
        argumentSet(
            "LOCAL over the limit",
            ofLength(LOCAL, 0, 65_535, new byte[0]),
            ProxyRefusal.LENGTH,
            16));
  }

  /** The last byte is what makes it bad: before it is a beginning, behind it nothing is awaited. */
  @ParameterizedTest
  @MethodSource("rejected")
  void givenBadHeader_whenItComesByteByByte_thenRefusedAtTheByteThatMakesItBad(
      byte[] bytes, ProxyRefusal reason, int at) {
    for (int i = 0; i < at; i++) {
      assertThat(read(Arrays.copyOf(bytes, i))).isEqualTo(new ProxyHeader.NeedMore());
    }
    for (int i = at; i <= bytes.length; i++) {
      assertThat(read(Arrays.copyOf(bytes, i))).isEqualTo(new ProxyHeader.Rejected(reason));
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] header(int versionAndCommand, int familyAndProtocol) {
    return ProxyHeaders.of(versionAndCommand, familyAndProtocol, new byte[216]);
  }

  static Stream<Arguments> rejectedWhenWhole() {
    var twoSums = summed(summed(GOOD));
    return Stream.of(
        argumentSet(
            "TLV of one byte", ProxyHeaders.from("192.0.2.1", 1, bytes("04")), ProxyRefusal.TLV),
        argumentSet(
            "TLV of two bytes", ProxyHeaders.from("192.0.2.1", 1, bytes("0400")), ProxyRefusal.TLV),
        argumentSet(
            "TLV cut", ProxyHeaders.from("192.0.2.1", 1, bytes("040002ff")), ProxyRefusal.TLV),
        argumentSet(
            "TLV of 65535", ProxyHeaders.from("192.0.2.1", 1, bytes("04ffff00")), ProxyRefusal.TLV),
        argumentSet(
            "checksum of three bytes",
            ProxyHeaders.from("192.0.2.1", 1, tlv(3, new byte[3])),
            ProxyRefusal.TLV),
        argumentSet(
            "no checksum in it", ProxyHeaders.from("192.0.2.1", 1, tlv(3)), ProxyRefusal.TLV),
        argumentSet(
            "wrong checksum",
            ProxyHeaders.from("192.0.2.1", 1, tlv(3, new byte[4])),
            ProxyRefusal.CHECKSUM),
        argumentSet("two checksums", twoSums, ProxyRefusal.CHECKSUM));
  }

  @ParameterizedTest
  @MethodSource("rejectedWhenWhole")
  void givenHeaderThatIsBadInside_whenWhole_thenRefused(byte[] header, ProxyRefusal reason) {
    assertThat(read(Arrays.copyOf(header, header.length - 1)))
        .isEqualTo(new ProxyHeader.NeedMore());
    assertThat(read(header)).isEqualTo(new ProxyHeader.Rejected(reason));
  }

  /** Whoever a proxy brings came over a network: it is no neighbour. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "224.0.0.1", "ff02::1"})
  void givenSourceThatNoPeerHas_whenRead_thenRefused(String address) {
    assertThat(read(ProxyHeaders.from(address, 4711)))
        .isEqualTo(new ProxyHeader.Rejected(ProxyRefusal.SOURCE));
  }

  @Test
  void givenLoopbackMappedToIpv6_whenRead_thenRefused() {
    var mapped = bytes("00000000000000000000ffff7f000001");

    assertThat(read(fromIpv6(mapped, 4711)))
        .isEqualTo(new ProxyHeader.Rejected(ProxyRefusal.SOURCE));
  }

  @Test
  void givenLimitBelowAnyHeader_whenSet_thenRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProxyOptions(_ -> true, 15, Duration.ofSeconds(1), (_, _) -> {}));
  }

  /** Each seed a header of its own, cut anywhere, and with one bit turned. */
  @Test
  void givenRandomHeaders_whenCutOrDamaged_thenNeverAnotherSource() {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      var random = new Random(seed);
      var header = random(random);
      var whole = read(header);
      assertThat(whole).as("seed %d", seed).isInstanceOf(ProxyHeader.Complete.class);
      assertThat(whole).as("seed %d", seed).isEqualTo(byNetty(header));

      var cut = Arrays.copyOf(header, random.nextInt(header.length));
      assertThat(read(cut)).as("seed %d", seed).isEqualTo(new ProxyHeader.NeedMore());

      var damaged = summed(header);
      int bit = random.nextInt(damaged.length * Byte.SIZE);
      damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      if (read(damaged) instanceof ProxyHeader.Complete(var source, _) && source.isPresent()) {
        assertThat(source)
            .as("seed %d, bit %d", seed, bit)
            .isEqualTo(((ProxyHeader.Complete) whole).source());
      }
    }
  }

  private static byte[] random(Random random) {
    var address = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(address);
    address[0] = (byte) (0x20 + random.nextInt(0x20)); // a public one
    var tlvs = new byte[random.nextInt(5)][];
    for (int i = 0; i < tlvs.length; i++) {
      var value = new byte[random.nextInt(60)];
      random.nextBytes(value);
      tlvs[i] = tlv(0xE0 + random.nextInt(0x10), value); // for whatever applications want
    }
    int family = address.length == 4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6;
    var addresses = new byte[2 * (address.length + Short.BYTES)];
    random.nextBytes(addresses);
    System.arraycopy(address, 0, addresses, 0, address.length);
    return ProxyHeaders.of(PROXY, family, addresses, join(tlvs));
  }

  /** What the codec of Netty makes of a header that is good. */
  static ProxyHeader byNetty(byte[] header) {
    var channel = new EmbeddedChannel(new HAProxyMessageDecoder());
    channel.writeInbound(Unpooled.wrappedBuffer(header));
    HAProxyMessage message = channel.readInbound();
    try {
      return complete(message.sourceAddress(), message.sourcePort(), header.length);
    } finally {
      message.release();
      channel.finishAndReleaseAll();
    }
  }
}
