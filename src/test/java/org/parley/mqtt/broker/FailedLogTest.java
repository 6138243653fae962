package org.parley.mqtt.broker;

import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.parley.log.CommitLog;
import org.parley.mqtt.packet.ReasonCode;
import org.parley.mqtt.state.Command;
import org.parley.testing.mqtt.ConnectBytes;
import org.parley.testing.mqtt.Peer;
import org.parley.testing.mqtt.TestBroker;

/** The log fails: everybody is told, whatever they were waiting for. */
class FailedLogTest {

  /** A log that keeps every Attach to itself, and fails when it is told to. */
  private static final class StuckLog implements CommitLog {
    private final CommitLog log;
    private volatile boolean stuck;
    private volatile boolean failed;

    StuckLog(CommitLog log) {
      this.log = log;
    }

    @Override
    public void submit(Command command) {
      if (command instanceof Command.Attach) {
        stuck = true;
      } else {
        log.submit(command);
      }
    }

    @Override
    public boolean failed() {
      return failed;
    }

    @Override
    public void close() {
      log.close();
    }
  }

  @Test
  void givenClientThatWaitsForItsSession_whenLogFails_thenRefusedAndClosed() {
    var logs = new StuckLog[1];
    try (var broker =
            TestBroker.start(options -> options.log = log -> logs[0] = new StuckLog(log));
        var peer = Peer.open(broker)) {
      peer.send(ConnectBytes.v5("waiting").resume(60));
      await().until(() -> logs[0].stuck);

      logs[0].failed = true;
      broker.broker().logFailed();

      peer.expectRefusal(ReasonCode.SERVER_UNAVAILABLE);
      broker.awaitConnections(0);
    }
  }
}
