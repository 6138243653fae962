package org.parley.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * A TLS ClientHello made by hand: it can offer what the JDK's own TLS would never offer. Nothing
 * but the server's first answer is read.
 */
public final class ClientHello {
  public static final int SSL_3_0 = 0x0300;
  public static final int TLS_1_0 = 0x0301;
  public static final int TLS_1_1 = 0x0302;
  public static final int TLS_1_2 = 0x0303;
  public static final int TLS_1_3 = 0x0304;

  /** Extension numbers. */
  public static final int PRE_SHARED_KEY = 41;

  public static final int EARLY_DATA = 42;

  private static final int SUPPORTED_VERSIONS = 43;
  private static final int HANDSHAKE = 22;
  private static final int ALERT = 21;
  private static final int DEADLINE_MILLIS = 10_000;

  private final int version;
  private final int[] suites;
  private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();

  /** What the server says to a ClientHello. */
  public sealed interface Answer {
    /**
     * A ServerHello.
     *
     * @param extensions the numbers of its extensions
     */
    record Chosen(int version, int suite, Set<Integer> extensions) implements Answer {}

    /** A fatal alert. */
    record Alert(int code) implements Answer {}

    /** Nothing: it closed the connection. */
    record Closed() implements Answer {}
  }

  private ClientHello(int version, String groupsHex, String keyShareHex, int... suites) {
    this.version = version;
    this.suites = suites.clone();
    if (version >= TLS_1_0) {
      extension(10, groupsHex);
      extension(11, "0100"); // uncompressed points
      extension(13, "0016" + "080408050806" + "040305030603" + "040105010601" + "02030201");
      extension(0xFF01, "00"); // renegotiation_info
    }
    if (version == TLS_1_3) {
      extension(SUPPORTED_VERSIONS, "020304");
      extension(51, keyShareHex);
    }
  }

  /** Offers exactly this version and these cipher suites. */
  public static ClientHello of(int version, int... suites) {
    return new ClientHello(
        version,
        "0008001d001700180100", // x25519, P-256, P-384, ffdhe2048
        "0024001d0020" + "09" + "00".repeat(31), // for x25519
        suites);
  }

  /**
   * Offers TLS 1.3 with keys agreed upon in one of the finite fields of RFC 7919, or not at all.
   */
  public static ClientHello finiteFieldsOnly(int... suites) {
    return new ClientHello(
        TLS_1_3,
        "000a" + "01000101010201030104", // ffdhe2048 to ffdhe8192
        "0104" + "01000100" + "00".repeat(255) + "09", // for ffdhe2048
        suites);
  }

  /** Adds an extension; {@link #PRE_SHARED_KEY} must be the last. */
  public ClientHello extension(int type, String contentHex) {
    var content = HexFormat.of().parseHex(contentHex);
    extensions.writeBytes(shorts(type, content.length));
    extensions.writeBytes(content);
    return this;
  }

  /** Adds a server name, which may be none. */
  public ClientHello serverName(String name) {
    var utf8 = name.getBytes(StandardCharsets.UTF_8);
    var lengths = HexFormat.of().formatHex(shorts(utf8.length + 3));
    var length = HexFormat.of().formatHex(shorts(utf8.length));
    return extension(0, lengths + "00" + length + HexFormat.of().formatHex(utf8));
  }

  /** The record on the wire. */
  public byte[] encode() {
    var body = new ByteArrayOutputStream();
    body.writeBytes(shorts(Math.min(version, TLS_1_2)));
    body.writeBytes(new byte[32]); // random
    body.write(0); // no session
    body.writeBytes(shorts(suites.length * 2));
    body.writeBytes(shorts(suites));
    body.write(1);
    body.write(0); // no compression
    if (extensions.size() > 0) {
      body.writeBytes(shorts(extensions.size()));
      body.writeBytes(extensions.toByteArray());
    }
    var message = ByteBuffer.allocate(9 + body.size());
    message.put((byte) HANDSHAKE).putShort((short) Math.min(version, TLS_1_0));
    message.putShort((short) (4 + body.size()));
    message.putInt(1 << 24 | body.size()).put(body.toByteArray());
    return message.array();
  }

  /** Sends it to a port of this machine, with bytes behind it, and reads the answer. */
  public Answer sendTo(int port, byte... behind) throws IOException {
    try (var socket = new Socket()) {
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
      socket.getOutputStream().write(encode());
      socket.getOutputStream().write(behind);
      return answer(new DataInputStream(socket.getInputStream()));
    } catch (EOFException | SocketException _) {
      return new Answer.Closed();
    }
  }

  private static Answer answer(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    in.readUnsignedShort();
    var content = new byte[in.readUnsignedShort()];
    in.readFully(content);
    return switch (type) {
      case ALERT -> new Answer.Alert(content[1] & 0xFF);
      case HANDSHAKE -> serverHello(ByteBuffer.wrap(content));
      default -> throw new IOException("no TLS: record of type " + type);
    };
  }

  private static Answer serverHello(ByteBuffer hello) {
    hello.limit(4 + (hello.getInt(0) & 0xFFFFFF)).position(4); // the record may hold more
    int version = hello.getShort() & 0xFFFF;
    hello.position(hello.position() + 32);
    int sessionId = hello.get() & 0xFF;
    hello.position(hello.position() + sessionId);
    int suite = hello.getShort() & 0xFFFF;
    hello.get();
    var extensions = new TreeSet<Integer>();
    hello.position(hello.position() + (hello.hasRemaining() ? 2 : 0)); // their length
    while (hello.remaining() >= 4) {
      int type = hello.getShort() & 0xFFFF;
      int length = hello.getShort() & 0xFFFF;
      int next = hello.position() + length;
      extensions.add(type);
      if (type == SUPPORTED_VERSIONS) {
        version = hello.getShort() & 0xFFFF;
      }
      hello.position(next);
    }
    return new Answer.Chosen(version, suite, extensions);
  }

  private static byte[] shorts(int... values) {
    var bytes = ByteBuffer.allocate(values.length * 2);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }
}
