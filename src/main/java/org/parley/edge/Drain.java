package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.parley.core.CloseReason;
import org.parley.session.ClientSession;
import org.parley.session.SessionRegistry;

/**
 * Closes every session, spread at random over a while, so that the peers do not all knock on the
 * next broker at once.
 */
final class Drain {
  private static final Logger LOG = System.getLogger(Drain.class.getName());
  private static final Duration FOR_EACH = Duration.ofMillis(5);

  private final SessionRegistry registry;
  private final Timers timers;

  Drain(SessionRegistry registry, Timers timers) {
    this.registry = registry;
    this.timers = timers;
  }

  /**
   * Tells every session {@link CloseReason#STOPPING}, and waits until all are told.
   *
   * @param longest over how long at the most; few sessions take less
   * @param closeTimeout after which a connection that was told is cut
   */
  void run(Duration longest, Duration closeTimeout) {
    var sessions = new ArrayList<>(registry.sessions());
    if (sessions.isEmpty()) {
      return;
    }
    long spread = Math.min(longest.toMillis(), FOR_EACH.toMillis() * sessions.size());
    var untold = new CountDownLatch(sessions.size());
    for (var session : sessions) {
      long delay = spread == 0 ? 0 : ThreadLocalRandom.current().nextLong(spread);
      timers.after(Duration.ofMillis(delay), () -> tell(session, untold));
    }
    try {
      if (!untold.await(spread + closeTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, () -> untold.getCount() + " sessions were not told of the stop");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(ClientSession session, CountDownLatch untold) {
    try {
      session.connection().close(CloseReason.STOPPING);
    } finally {
      untold.countDown();
    }
  }
}
