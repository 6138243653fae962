package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.limit.Shedding;

/** Ready while there is memory for newcomers. */
@Readiness
@ApplicationScoped
public class MemoryCheck implements HealthCheck {
  private static final double PERCENT = 100;

  @Inject Shedding shedding;

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("parley-memory")
        .status(!shedding.active())
        .withData("usedPercent", Math.round(shedding.share() * PERCENT))
        .withData("refusedForItSinceStart", shedding.refused())
        .build();
  }
}
