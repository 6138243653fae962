package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.MqttState;
import org.parley.log.CommitMeter;
import org.parley.log.StoreStatus;

/** Ready while what is acknowledged can be kept. */
@Readiness
@ApplicationScoped
public class StoreCheck implements HealthCheck {
  /** A disk that takes longer for one write does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Inject MqttState state;

  @Override
  public HealthCheckResponse call() {
    var status = state.status();
    var response =
        HealthCheckResponse.named("parley-store")
            .status(!status.failed() && !status.full() && !isStuck(status))
            .withData("durability", state.durability().label())
            .withData("damagedRows", status.damagedRows());
    status.freeBytes().ifPresent(bytes -> response.withData("freeBytes", bytes));
    if (status.failed()) {
      response.withData("problem", "a write has failed: nothing is acknowledged until a restart");
    } else if (status.full()) {
      response.withData("problem", "the disk is nearly full: nothing more is kept");
    } else if (isStuck(status)) {
      response.withData("problem", "the disk does not answer: nothing is acknowledged meanwhile");
    } else if (status.damagedRows() > 0) {
      response.withData("warning", "some rows could not be read and were put aside");
    }
    return response.build();
  }

  private static boolean isStuck(StoreStatus status) {
    return status.meter().map(CommitMeter::underWay).orElse(Duration.ZERO).compareTo(PATIENCE) > 0;
  }
}
