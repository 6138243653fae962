package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;
import org.parley.core.Lifecycle;

/** Started once the broker has begun to let peers in; it stays so until it ends. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {
  @Inject Lifecycle lifecycle;

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("parley-started")
        .status(lifecycle.state() != Lifecycle.State.STARTING)
        .withData("state", lifecycle.state().name())
        .build();
  }
}
