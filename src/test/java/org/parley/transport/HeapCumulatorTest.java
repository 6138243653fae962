package org.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.parley.testing.TestPki;
import org.parley.transport.TlsOptions.ClientAuthentication;

/** What TLS is to read is on the heap: a record that is not authentic harms nobody else. */
class HeapCumulatorTest {
  private static final TestPki PKI = TestPki.shared();
  private static final int SLOT = 2048;
  private static final byte OTHERS = 0x5A;

  /** Of one block of memory, from its beginning on. */
  private final PooledByteBufAllocator allocator =
      new PooledByteBufAllocator(true, 1, 1, 8192, 3, 0, 0, false);

  /** Written by the server, and not read yet by the client. */
  private final ByteArrayOutputStream fromServer = new ByteArrayOutputStream();

  private ByteBuf direct(byte... bytes) {
    return allocator.directBuffer(SLOT).writeBytes(bytes);
  }

  private ByteBuf heap(byte... bytes) {
    return allocator.heapBuffer(SLOT).writeBytes(bytes);
  }

  private ByteBuf cumulate(ByteBuf cumulation, ByteBuf in) {
    return HeapCumulator.INSTANCE.cumulate(allocator, cumulation, in);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void givenRecordThatIsNotAuthentic_whenRead_thenMemoryOfOthersIsAsItWas(String version)
      throws Exception {
    var before = new byte[SLOT];
    Arrays.fill(before, OTHERS);
    var others = List.of(direct(before), heap(before));
    var server = server();
    var client = client(version);
    shakeHands(client, server);

    var record = direct(wrap(client, ByteBuffer.wrap(new byte[100])));
    assertThat(record.memoryAddress()).isGreaterThan(others.getFirst().memoryAddress());
    record.setByte(record.writerIndex() - 1, record.getByte(record.writerIndex() - 1) ^ 1);

    assertThatThrownBy(() -> server.writeInbound(record))
        .isInstanceOf(DecoderException.class)
        .hasRootCauseInstanceOf(AEADBadTagException.class);
    assertThat(others).extracting(ByteBufUtil::getBytes).containsOnly(before);
    others.forEach(ByteBuf::release);
    server.finishAndReleaseAll();
  }

  /** What comes behind TLS's own end is not read, and was kept. */
  @Test
  void givenPeerThatHasEndedTls_whenItGoesOnSending_thenRefusedBeyondARecord() throws Exception {
    var server = server();
    var client = client("TLSv1.3");
    shakeHands(client, server);
    client.closeOutbound();
    server.writeInbound(direct(wrap(client, ByteBuffer.allocate(0))));
    var more = new byte[0x8000];
    System.arraycopy(new byte[] {23, 3, 3, 0x40, 0}, 0, more, 0, 5);

    server.writeInbound(direct(more));
    server.writeInbound(direct(more));
    server.writeInbound(direct(more));

    assertThatThrownBy(() -> server.writeInbound(direct(more)))
        .isInstanceOf(DecoderException.class);
    server.finishAndReleaseAll();
  }

  private EmbeddedChannel server() throws Exception {
    var context = TlsFixture.context(PKI.broker());
    var options =
        TlsFixture.options(() -> context, ClientAuthentication.WANT, Duration.ofMinutes(1));
    var server = new EmbeddedChannel();
    server.config().setAllocator(allocator);
    server.pipeline().addLast(options.handler());
    return server;
  }

  private static SSLEngine client(String version) {
    var client = PKI.anonymousContext().createSSLEngine("localhost", 8883);
    client.setUseClientMode(true);
    client.setEnabledProtocols(new String[] {version});
    return client;
  }

  private void shakeHands(SSLEngine client, EmbeddedChannel server) throws Exception {
    client.beginHandshake();
    for (boolean done = false; !done; ) {
      switch (client.getHandshakeStatus()) {
        case NEED_TASK -> client.getDelegatedTask().run();
        case NEED_WRAP -> server.writeInbound(direct(wrap(client, ByteBuffer.allocate(0))));
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> take(client, server);
        case FINISHED, NOT_HANDSHAKING -> done = true;
      }
    }
  }

  private static byte[] wrap(SSLEngine client, ByteBuffer plain) throws Exception {
    var record = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(plain, record);
    return Arrays.copyOf(record.array(), record.position());
  }

  /** Has the client read one record of what the server has written. */
  private void take(SSLEngine client, EmbeddedChannel server) throws Exception {
    for (ByteBuf sent = server.readOutbound(); sent != null; sent = server.readOutbound()) {
      fromServer.writeBytes(ByteBufUtil.getBytes(sent));
      sent.release();
    }
    var in = ByteBuffer.wrap(fromServer.toByteArray());
    var result =
        client.unwrap(in, ByteBuffer.allocate(client.getSession().getApplicationBufferSize()));
    assertThat(result.getStatus()).isEqualTo(Status.OK);
    fromServer.reset();
    fromServer.write(in.array(), in.position(), in.remaining());
  }

  @Test
  void givenNothingBefore_whenRead_thenOnTheHeap() {
    var in = direct((byte) 1, (byte) 2);

    var joined = cumulate(Unpooled.EMPTY_BUFFER, in);

    assertThat(joined.hasArray()).isTrue();
    assertThat(ByteBufUtil.getBytes(joined)).containsExactly(1, 2);
    assertThat(in.refCnt()).isZero();
    joined.release();
  }

  @Test
  void givenRoom_whenMoreComes_thenItIsJoinedInPlace() {
    var kept = heap((byte) 0, (byte) 1).skipBytes(1);
    var in = direct((byte) 2);

    var joined = cumulate(kept, in);

    assertThat(joined).isSameAs(kept);
    assertThat(ByteBufUtil.getBytes(joined)).containsExactly(1, 2);
    assertThat(in.refCnt()).isZero();
    joined.release();
  }

  @Test
  void givenRecordInSingleBytes_whenJoined_thenCopiedAFewTimesOnly() {
    var joined = cumulate(Unpooled.EMPTY_BUFFER, direct((byte) 0));
    int copies = 0;
    for (int i = 1; i < HeapCumulator.LARGEST_RECORD; i++) {
      var before = joined;
      joined = cumulate(before, direct((byte) i));
      copies += before.refCnt() == 0 ? 1 : 0;
    }

    assertThat(joined.readableBytes()).isEqualTo(HeapCumulator.LARGEST_RECORD);
    assertThat(joined.getByte(1000)).isEqualTo((byte) 1000);
    assertThat(copies).isLessThan(16);
    joined.release();
  }

  @Test
  void givenMoreThanARecord_whenMoreComes_thenRefusedAndReleased() {
    var kept = allocator.heapBuffer().writeZero(HeapCumulator.LARGEST_RECORD + 1);
    var in = direct((byte) 2);

    assertThatThrownBy(() -> cumulate(kept, in)).isInstanceOf(DecoderException.class);
    assertThat(in.refCnt()).isZero();
    kept.release();
  }

  @Test
  void givenNoRoom_whenMoreComes_thenWhatWasReadIsLeftBehind() {
    var kept = heap(new byte[SLOT - 1]).writeByte(1).skipBytes(SLOT - 1);
    var in = direct((byte) 2);

    var joined = cumulate(kept, in);

    assertThat(joined.hasArray()).isTrue();
    assertThat(joined.capacity()).isLessThan(SLOT);
    assertThat(ByteBufUtil.getBytes(joined)).containsExactly(1, 2);
    assertThat(kept.refCnt()).isZero();
    assertThat(in.refCnt()).isZero();
    joined.release();
  }
}
