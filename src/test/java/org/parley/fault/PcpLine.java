package org.parley.fault;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.parley.testing.Frame;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V1;
import org.parley.testing.V2;
import org.parley.testing.Wire;

/** A connection of a PCP client of either version. One thread reads, any may write. */
final class PcpLine implements AutoCloseable {
  /**
   * A message.
   *
   * @param inReplyTo of an error message of version 2
   */
  record Message(
      String id, String type, String sender, String inReplyTo, Optional<JsonObject> data) {}

  private final RawWebSocket socket;
  private final boolean v1;
  private final String uri;
  private final ReentrantLock writing = new ReentrantLock();

  private PcpLine(RawWebSocket socket, boolean v1, String uri) {
    this.socket = socket;
    this.v1 = v1;
    this.uri = uri;
  }

  /** Connects and waits for the session, which begins just after the 101. */
  static PcpLine open(int port, SSLContext tls, boolean v1, String uri) throws IOException {
    var wire = Wire.tls(port, tls).deadline(MqttLine.PATIENCE);
    var type = uri.substring(uri.lastIndexOf('/') + 1);
    var socket = RawWebSocket.open(wire, OpeningHandshake.of((v1 ? "/pcp/" : "/pcp2/") + type));
    if (!socket.upgraded()) {
      socket.close();
      throw new Refused("HTTP " + socket.answer().status());
    }
    var line = new PcpLine(socket, v1, uri);
    try {
      line.ping();
      while (socket.readFrame().opcode() != Frame.PONG) {
        // what comes before the session is of no interest
      }
      return line;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  void ping() throws IOException {
    write(Frame.ping());
  }

  void send(String id, String type, String target, String data) throws IOException {
    write(
        v1
            ? Frame.binary(V1.message(id, type, uri, target, data))
            : Frame.text(V2.message(id, type, target, data)));
  }

  private void write(Frame frame) throws IOException {
    writing.lock();
    try {
      socket.send(frame);
    } finally {
      writing.unlock();
    }
  }

  /** Waits for the next message, and no longer than until the next pong; null for that one. */
  @Nullable Message next() throws IOException {
    var content = new ByteArrayOutputStream();
    while (true) {
      var frame = socket.readFrame(MqttLine.PATIENCE);
      switch (frame.opcode()) {
        case Frame.PING -> write(Frame.pong(frame.payload()));
        case Frame.PONG -> {
          if (content.size() == 0) {
            return null;
          }
        }
        case Frame.CLOSE ->
            throw new Refused("close " + frame.closeCode() + " " + frame.closeReason());
        default -> {
          content.writeBytes(frame.payload());
          if (frame.fin()) {
            return v1 ? ofV1(content.toByteArray()) : ofV2(content.toByteArray());
          }
        }
      }
    }
  }

  private static Message ofV1(byte[] bytes) {
    var parsed = V1.parse(bytes);
    var data =
        parsed.chunks().stream()
            .map(chunk -> chunk.substring("2:".length()))
            .filter(chunk -> chunk.startsWith("{"))
            .findFirst()
            .map(V2::parse);
    var inReplyTo = data.map(object -> object.getString("id", "")).orElse("");
    return message(parsed.envelope(), inReplyTo, data);
  }

  private static Message ofV2(byte[] bytes) {
    var envelope = V2.parse(new String(bytes, StandardCharsets.UTF_8));
    var data =
        Optional.ofNullable(envelope.get("data"))
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast);
    return message(envelope, envelope.getString("in_reply_to", ""), data);
  }

  private static Message message(JsonObject envelope, String inReplyTo, Optional<JsonObject> data) {
    return new Message(
        envelope.getString("id"),
        envelope.getString("message_type"),
        envelope.getString("sender", ""),
        inReplyTo,
        data);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
