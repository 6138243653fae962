package org.parley.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.parley.core.OutboundQueue.Done;

/** A wire whose writes end when the test says so, or within the call. Used by one thread. */
final class RecordingWire implements OutboundQueue.Wire {
  private final List<Outbound> written = new ArrayList<>();
  private final ArrayDeque<Done> inFlight = new ArrayDeque<>();
  private boolean inline;

  /** From now on each write ends well within the call. */
  void endInline() {
    inline = true;
  }

  /** Ends the one write in flight. */
  void end(boolean ok) {
    inFlight.remove().written(ok);
  }

  /** Returns the end of the one write in flight, which goes on. */
  Done done() {
    return inFlight.element();
  }

  int inFlight() {
    return inFlight.size();
  }

  List<Outbound> written() {
    return written;
  }

  @Override
  public void write(Outbound message, Done done) {
    written.add(message);
    if (inline) {
      done.written(true);
    } else {
      inFlight.add(done);
    }
  }
}
