# syntax=docker/dockerfile:1
# Parley on the Open Liberty image. docs/deploy.md says how to run it, with a read-only root file system too.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /parley
COPY pom.xml ./
COPY src ./src
# The WAR only: the server comes with the image below.
RUN mvn -B -ntp -Dmaven.test.skip=true prepare-package war:war

FROM icr.io/appcafe/open-liberty:26.0.0.3-kernel-slim-java25-openj9-ubi-minimal

LABEL org.opencontainers.image.title="Parley" \
      org.opencontainers.image.description="A message broker for PCP and MQTT on Open Liberty" \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      name="parley" \
      vendor="Parley" \
      version="0.2.0" \
      summary="A message broker for PCP and MQTT on Open Liberty" \
      description="A message broker for PCP and MQTT on Open Liberty"

COPY --chown=1001:0 src/main/liberty/config/ /config/
# Fetches the features that server.xml names, and nothing else.
RUN features.sh
COPY --chown=1001:0 --from=build /parley/target/parley.war /config/apps/
# No shared class cache: it would be filled by starting the server, which has no keys here.
RUN OPENJ9_SCC=false configure.sh

USER root
RUN mkdir -p /data /etc/parley && chown 1001:0 /data /etc/parley && chmod 0770 /data /etc/parley
USER 1001

# The operator mounts broker.p12 and trust.p12 on /etc/parley, and gives their passwords in
# PARLEY_KEYSTORE_PASSWORD and PARLEY_TRUSTSTORE_PASSWORD. Durable state is in /data.
ENV PARLEY_KEYSTORE=/etc/parley/broker.p12 \
    PARLEY_TRUSTSTORE=/etc/parley/trust.p12 \
    PARLEY_DATA_DIR=/data
VOLUME /data
EXPOSE 9443 9080 8883 8084

# Without curl. Liveness alone would not do: it is UP when the WAR did not start.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PARLEY_HTTP_PORT:-9080} && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
