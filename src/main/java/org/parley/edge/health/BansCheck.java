package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.BansFile;

/** Tells how many bans there are. Always up: with a bad file the former ones are in force. */
@Readiness
@ApplicationScoped
public class BansCheck implements HealthCheck {
  @Inject BansFile bans;

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("parley-bans").up().withData("bans", bans.size());
    bans.problem()
        .ifPresent(
            problem ->
                response.withData(
                    "warning",
                    "the new file is not used, the former one stays in force: " + problem));
    return response.build();
  }
}
