#!/usr/bin/env bash
# all.sh: the comparison with another broker, how cost grows (tables and plots), then the micro benchmarks. `mvn -Pbench` builds the server and calls it.
# It takes about three quarters of an hour, in which nothing else should run. What can be set stands at the top of mqtt/compare.sh and scale/scale.sh,
# and what both have (PASSES, DURATION, WARM) is set for both; MICRO: which micro benchmarks, a regular expression (all).
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck disable=SC2086 # a list
bench/mqtt/setup.sh ${PEERS:-mosquitto20 parley}
bench/mqtt/compare.sh
bench/scale/scale.sh
mvn -B -ntp -q -f bench/micro/pom.xml "-Dbench=${MICRO:-.}"
