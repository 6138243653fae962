package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.parley.core.Lifecycle;
import org.parley.core.Ticker;
import org.parley.pcp.broker.WireWatch;

/** Alive while the regular work is done: a broker whose timer hangs must be started again. */
@Liveness
@ApplicationScoped
public class LiveCheck implements HealthCheck {
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  @Inject Lifecycle lifecycle;
  @Inject WireWatch wires;
  @Inject Ticker ticker;

  @Override
  public HealthCheckResponse call() {
    long pause = Ticker.millisBetween(wires.summary().sweptAtNanos(), ticker.nanos());
    return HealthCheckResponse.named("parley-live")
        .status(!lifecycle.running() || pause < LONGEST_PAUSE_MILLIS)
        .withData("lastSweepMillisAgo", pause)
        .build();
  }
}
