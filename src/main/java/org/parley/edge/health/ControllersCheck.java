package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.controller.ControllerLinks;
import org.parley.pcp.broker.ControllerAvailability;

/**
 * Ready while a controller is connected, or none is configured. Controllers are numbered in the
 * order of the setting: nobody is named.
 */
@Readiness
@ApplicationScoped
public class ControllersCheck implements HealthCheck {
  @Inject ControllerAvailability availability;
  @Inject ControllerLinks links;

  @Override
  public HealthCheckResponse call() {
    var states = links.states();
    var response =
        HealthCheckResponse.named("parley-controllers")
            .status(availability.admits())
            .withData("state", availability.state().name())
            .withData("controllers", availability.configured())
            .withData("connected", states.stream().filter("connected"::equals).count());
    for (int i = 0; i < states.size(); i++) {
      response.withData("controller-" + (i + 1), states.get(i));
    }
    return response.build();
  }
}
