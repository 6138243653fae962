package org.parley.edge.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.parley.edge.BrokerCertificate;
import org.parley.edge.RevocationFile;

/** Ready while the broker's own certificate lasts and revocation can be checked. */
@Readiness
@ApplicationScoped
public class CertificatesCheck implements HealthCheck {
  @Inject BrokerCertificate certificate;
  @Inject RevocationFile revocations;

  @Override
  public HealthCheckResponse call() {
    var problem = revocations.problem();
    return HealthCheckResponse.named("parley-certificates")
        .status(certificate.daysLeft() >= 0 && problem.isEmpty())
        .withData("brokerCertificateDaysLeft", certificate.daysLeft())
        .withData("revocation", problem.orElse("ok"))
        .build();
  }
}
