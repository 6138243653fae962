package org.parley.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.parley.testing.Frame;
import org.parley.testing.LiveClient;
import org.parley.testing.OpeningHandshake;
import org.parley.testing.RawWebSocket;
import org.parley.testing.V2;

/** A peer that stops reading harms nobody but itself. */
class SlowReceiverIT extends ServerUnderTest {
  private static final String QUEUE_FULL = "Not delivered, the target's queue is full.";
  private static final String NOT_CONNECTED = "Not connected.";
  private static final String DATA = "\"" + "x".repeat(100_000) + "\"";

  /**
   * For the end of a peer that does not read: TCP has to be full first, some megabytes, and then a
   * write has to make no progress for 3 s. On a machine that is busy that takes long.
   */
  private static final Duration UNTIL_CUT = Duration.ofSeconds(60);

  /** More than the queue of 4 MiB and all that TCP may buffer. */
  private static final int PLENTY = 400;

  private static RawWebSocket stuck(String commonName) throws IOException {
    var wire = wire(PKI.client(commonName)).receiveBuffer(4096);
    var socket = RawWebSocket.open(wire, OpeningHandshake.of("/pcp2/stuck"));
    assertThat(socket.upgraded()).isTrue();
    return associated(socket);
  }

  /** Sends messages with ascending ids until one is refused; returns how many were sent. */
  private static int fill(LiveClient sender, String target, Map<String, String> errors)
      throws Exception {
    int sent = 0;
    while (errors.isEmpty() && sent < PLENTY) {
      sender.send(V2.message(V2.id(sent++), "big", target, DATA));
      takeErrors(sender, errors);
    }
    return sent;
  }

  private static void takeErrors(LiveClient sender, Map<String, String> errors) {
    for (var text = sender.poll(); text != null; text = sender.poll()) {
      takeError(text, errors);
    }
  }

  /** Each message is answered by one error at the most. */
  private static void takeError(String text, Map<String, String> errors) {
    var error = V2.withoutId(text);
    assertThat(error.getString("message_type")).isEqualTo(V2.ERROR);
    var former = errors.put(error.getString("in_reply_to"), error.getString("data"));
    assertThat(former).isNull();
  }

  /** The broker has dealt with all that the sender sent once this comes back. */
  private static void awaitEcho(LiveClient sender, String uri, Map<String, String> errors)
      throws Exception {
    sender.send(V2.message(V2.id(), "echo", uri));
    for (var text = sender.await(SOON); !text.contains("\"echo\""); text = sender.await(SOON)) {
      takeError(text, errors);
    }
  }

  @Test
  @Tag("2.12-09")
  void givenStuckReceiver_whenItsQueueOverflows_thenTheSenderIsToldAndOthersAreServed()
      throws Exception {
    var errors = new HashMap<String, String>();
    try (var observer = new Observer("controller-slow");
        var sender = live("slow-sender", "/pcp2/sender");
        var third = live("slow-third", "/pcp2/third")) {
      assertThat(observer.subscribe("pcp://*/stuck")).isEmpty();
      try (var stuck = stuck("slow-stuck")) {
        assertThat(observer.awaitChanges(1)).containsExactly("+pcp://slow-stuck/stuck");
        int sent = fill(sender, "pcp://slow-stuck/stuck", errors);
        for (int i = 0; i < 20; i++) {
          sender.send(V2.message(V2.id(sent++), "big", "pcp://slow-stuck/stuck", DATA));
          sender.send(V2.message(V2.id(i), "small", "pcp://slow-third/third"));
          assertThat(V2.parse(third.await(SOON)).getString("id")).isEqualTo(V2.id(i));
        }
        awaitEcho(sender, "pcp://slow-sender/sender", errors);
        assertThat(errors.values()).isNotEmpty().isSubsetOf(QUEUE_FULL, NOT_CONNECTED);
        assertThat(errors.values()).contains(QUEUE_FULL);

        // The write timeout of 3 s ends it.
        assertThat(observer.awaitChanges(1, UNTIL_CUT)).containsExactly("-pcp://slow-stuck/stuck");
        // What was still queued for it is answered now, each once; then what comes later.
        sender.send(V2.message(V2.id(sent), "big", "pcp://slow-stuck/stuck", DATA));
        while (!errors.containsKey(V2.id(sent))) {
          takeError(sender.await(SOON), errors);
        }
        assertThat(errors).containsEntry(V2.id(sent), NOT_CONNECTED);
        stuck.awaitEnd(SOON);
      }
      assertThat(observer.inventory("pcp://*/stuck")).isEmpty();
    }
  }

  @Test
  void givenSlowReceiver_whenItReadsOn_thenEachMessageCameOnceOrWasAnsweredByOneError()
      throws Exception {
    var errors = new HashMap<String, String>();
    try (var sender = live("slow-counting", "/pcp2/sender");
        var slow = stuck("slow-reader")) {
      int sent = fill(sender, "pcp://slow-reader/stuck", errors);
      assertThat(errors).isNotEmpty();
      for (int i = 0; i < 5; i++) {
        sender.send(V2.message(V2.id(sent++), "big", "pcp://slow-reader/stuck", DATA));
      }

      var delivered = new ArrayList<String>();
      var reading = Thread.startVirtualThread(() -> delivered.addAll(readUpTo(slow, "last")));
      awaitEcho(sender, "pcp://slow-counting/sender", errors);
      for (boolean last = false; !last; ) {
        int id = sent++;
        sender.send(V2.message(V2.id(id), "last", "pcp://slow-reader/stuck"));
        awaitEcho(sender, "pcp://slow-counting/sender", errors);
        assertThat(errors.values()).as("cut before it was read").containsOnly(QUEUE_FULL);
        last = !errors.containsKey(V2.id(id));
      }
      assertThat(reading.join(Duration.ofSeconds(30))).isTrue();

      assertThat(delivered).doesNotHaveDuplicates().isSorted();
      assertThat(errors.keySet()).doesNotContainAnyElementsOf(delivered);
      assertThat(union(errors.keySet(), delivered)).hasSize(sent);
      assertThat(errors.values()).containsOnly(QUEUE_FULL);
    }
  }

  private static Set<String> union(Set<String> some, List<String> others) {
    var all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  /** Reads to the first message of a type; returns the ids of all. */
  private static List<String> readUpTo(RawWebSocket socket, String type) {
    var ids = new ArrayList<String>();
    try {
      while (true) {
        var frame = socket.readFrame(SOON);
        if (frame.opcode() == Frame.PING) {
          socket.send(Frame.pong(frame.payload()));
        } else {
          var message = V2.parse(frame.text());
          ids.add(message.getString("id"));
          if (message.getString("message_type").equals(type)) {
            return ids;
          }
        }
      }
    } catch (SocketTimeoutException _) {
      return ids;
    } catch (IOException e) {
      throw new IllegalStateException("after " + ids.size() + " messages", e);
    }
  }

  @Test
  void givenPeerThatAsksAndNeverReads_whenAnswersPileUp_thenItsConnectionEnds() throws Exception {
    try (var observer = new Observer("controller-slow-asks")) {
      assertThat(observer.subscribe("pcp://slow-asks/stuck")).isEmpty();
      try (var asks = stuck("slow-asks")) {
        var sending = Thread.startVirtualThread(() -> askForEver(asks));

        assertThat(observer.awaitChanges(2, UNTIL_CUT))
            .containsExactly("+pcp://slow-asks/stuck", "-pcp://slow-asks/stuck");
        asks.abort();
        assertThat(sending.join(SOON)).isTrue();
      }
    }
  }

  private static void askForEver(RawWebSocket socket) {
    var question = Frame.text(V2.message(V2.id(1), "hello", "pcp://nobody/agent"));
    var questions = Collections.nCopies(100, question).toArray(Frame[]::new);
    try {
      while (true) {
        socket.send(questions);
      }
    } catch (IOException _) {
      // The broker has had enough.
    }
  }
}
