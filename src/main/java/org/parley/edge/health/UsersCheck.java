package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.UsersFile;

/** Tells how many users there are. Always up: with a bad file the former users are in force. */
@Readiness
@ApplicationScoped
public class UsersCheck implements HealthCheck {
  @Inject UsersFile users;

  @Override
  public HealthCheckResponse call() {
    var response =
        HealthCheckResponse.named("parley-users").up().withData("users", users.get().size());
    users
        .problem()
        .ifPresent(
            problem ->
                response.withData(
                    "warning",
                    "the new file is not used, the former users stay in force: " + problem));
    return response.build();
  }
}
