package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.TokenParts;

/** Ready while there are keys to check tokens by, if tokens are taken; old ones will do. */
@Readiness
@ApplicationScoped
public class TokensCheck implements HealthCheck {
  @Inject TokenParts tokens;

  @Override
  public HealthCheckResponse call() {
    var figures = tokens.figures();
    var response =
        HealthCheckResponse.named("parley-tokens")
            .status(figures.isEmpty() || figures.get().keys() > 0)
            .withData("tokens", figures.isPresent() ? "taken" : "not taken");
    figures.ifPresent(
        now ->
            response
                .withData("keys", now.keys())
                .withData("keysSeenSecondsAgo", now.age().toSeconds()));
    tokens
        .problem()
        .ifPresent(
            problem -> response.withData("warning", "the new key set is not used: " + problem));
    return response.build();
  }
}
