package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.PolicyFile;

/** Tells which policy is in force. Always up: with a bad file the former one is in force. */
@Readiness
@ApplicationScoped
public class PolicyCheck implements HealthCheck {
  @Inject PolicyFile policy;

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("parley-policy").up();
    response.withData("source", policy.builtIn() ? "built-in" : "file");
    if (!policy.builtIn()) {
      response.withData("rules", policy.rules());
    }
    policy
        .problem()
        .ifPresent(
            problem ->
                response.withData(
                    "warning",
                    "the new file is not used, the former one stays in force: " + problem));
    return response.build();
  }
}
