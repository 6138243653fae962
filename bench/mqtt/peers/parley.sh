#!/bin/bash
# Parley as it was built last: `mvn -DskipTests package` leaves the server that runs here, with the JVM options that it ships
# (SERVER_JOPTS adds to them). Log in by certificate on TLS; TCP is open on loopback. LOOPS: event loops, one for one processor.
# JAKARTA=1: WebSocket on the server's own ports instead of those of MQTT alone. BASE: the first of seven ports. parley.sh http: the port of metrics.
NAME=${PEER_NAME:-parley} BASE=${BASE:-23090} KIND=jvm; . "$(dirname "$0")/common.sh"
HOME_DIR=$(cd "$BENCH/../.." && pwd)
HTTP=$((BASE+3)) WS=$((BASE+5))
[ -z "${JAKARTA:-}" ] || WS=$HTTP
config(){ :; }
run_broker(){
  export PARLEY_MQTT_PORT=$TCP PARLEY_MQTTS_PORT=$TLS PARLEY_HTTP_PORT=$HTTP PARLEY_HTTPS_PORT=$((BASE+4)) PARLEY_MQTT_WS_PORT=$((BASE+5)) PARLEY_MQTT_WSS_PORT=$((BASE+6)) PARLEY_MQTT_THREADS=${LOOPS:-1}
  export PARLEY_KEYSTORE=$PKI/server.p12 PARLEY_KEYSTORE_PASSWORD=changeit PARLEY_TRUSTSTORE=$PKI/trust.p12 PARLEY_TRUSTSTORE_PASSWORD=changeit
  export JVM_ARGS="${SERVER_JOPTS:-}" WLP_OUTPUT_DIR=$RUN/out
  launch "$HOME_DIR/target/liberty/wlp/bin/server" run parley
}
if [ "${1:-}" = http ]; then echo "$HTTP"; else main "$@"; fi
