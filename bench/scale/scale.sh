#!/usr/bin/env bash
# scale.sh: how the cost of Parley grows: CPU for a message by connections and by subscriptions, memory by connections and by subscriptions. It starts
# the server that was built last, prints tables (report.js) and writes the plots, scale-*.svg, into IMAGES. ../mqtt/setup.sh parley has to have run.
# PARTS ("connections subscriptions memory"), PASSES (3; of memory there is one), DURATION and WARMUP (5 and 2 s for each point), WARM (20 s of CPU for each kind of work, before),
# CONNECTIONS (10 100 1000 10000), RATE (20000 messages/s in all), SUBSCRIPTIONS (1000 10000 100000 1000000), IDLES (0 2000 5000 10000), QOS (0),
# HEAP (1g, the greatest of those shipped; touched at the start, so that the rest of the resident memory is native), BASE (23090: the first of seven ports),
# IMAGES (../../docs/images). JAVA: a JDK 25. Raw lines: $BENCH_WORK/results/scale-TIME.jsonl
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mqtt=$here/../mqtt
export BENCH_WORK=${BENCH_WORK:-$PWD/target/bench} DURATION=${DURATION:-5} WARMUP=${WARMUP:-2} QOS=${QOS:-0} MAXTIME=900 PHASEMAX=300
PARTS=${PARTS:-connections subscriptions memory} PASSES=${PASSES:-3} WARM=${WARM:-20} HEAP=${HEAP:-1g} RATE=${RATE:-20000}
CONNECTIONS=${CONNECTIONS:-10 100 1000 10000} SUBSCRIPTIONS=${SUBSCRIPTIONS:-1000 10000 100000 1000000} IDLES=${IDLES:-0 2000 5000 10000}
IMAGES=${IMAGES:-$(cd "$here/../.." && pwd)/docs/images} JAVA=${JAVA:-java}
jcmd=$(dirname "$(command -v "$JAVA")")/jcmd
export SERVER_JOPTS="-Xms$HEAP -Xmx$HEAP -XX:+AlwaysPreTouch ${SERVER_JOPTS:-}" LOOPS=1
export PARLEY_CONNECTIONS_RATE=0 PARLEY_CONNECTIONS_RATE_PER_IDENTITY=0 # one machine with one certificate is every client
export CERT=$BENCH_WORK/pki/client.pem KEY=$BENCH_WORK/pki/client.key CA=$BENCH_WORK/pki/ca.pem
results=$BENCH_WORK/results/scale-$(date -u +%Y%m%dT%H%M%SZ).jsonl
heap=$(numfmt --from=iec "${HEAP^^}")
mkdir -p "${results%/*}" "$IMAGES"
ulimit -n "$(ulimit -Hn)"
trap '"$mqtt/peers/parley.sh" stop' EXIT

start() {
  "$mqtt/peers/parley.sh" restart
  read -r tcp tls _ < <("$mqtt/peers/parley.sh" ports)
  http=$("$mqtt/peers/parley.sh" http)
  BROKER_PID=$("$mqtt/peers/parley.sh" pid)
  export BROKER_PID HOOK="'$jcmd' $BROKER_PID GC.class_histogram | awk '/^Total/ { print \$3 }'" # bytes of live heap
}

# load WORKLOAD tcp|tls [NAME=VALUE ...]: one line of mqbench
load() {
  local workload=$1 over=$2
  shift 2
  env "$@" "$mqtt/bench.sh" "$workload" 127.0.0.1 "${!over}" "$over" /mqtt || true
}

# warm WORKLOAD tcp|tls [NAME=VALUE ...]: until it has cost the broker WARM seconds of CPU
warm() {
  local until=$(($(cpu_seconds) + WARM))
  while [ "$(cpu_seconds)" -lt "$until" ]; do load "$@" HOOK= > /dev/null; done
  settled
}
cpu_seconds() { awk -v hz="$(getconf CLK_TCK)" '{ print int(($14 + $15) / hz) }' "/proc/$BROKER_PID/stat"; }

# measure PASS SERIES AT WORKLOAD tcp|tls [NAME=VALUE ...]: one raw line; what it left is waited for
measure() {
  local pass=$1 series=$2 at=$3
  shift 3
  echo "pass $pass: $series, $at" >&2
  load "$@" | sed "s/^{/{\"pass\":$pass,\"series\":\"$series\",\"at\":$at,\"seconds_each\":$DURATION,\"heap_bytes\":$heap,/" >> "$results"
  settled
}

# No session and no subscription is left: the gauges may be a second old.
settled() {
  local left
  for _ in $(seq 1 60); do
    sleep 1.5
    left=$(curl -s "http://localhost:$http/metrics" | awk '/^parley_mqtt_(sessions|subscriptions)[ {]/ { sum += $2; seen = 1 } END { print seen ? sum : "?" }')
    [ "$left" != 0 ] || return 0
  done
  echo "sessions and subscriptions that do not go away: $left" >&2
  return 1
}

# Five pairs while the others are idle; all in pairs, the same rate in all; all in pairs with one message under way each.
connections() {
  warm w6 tcp PUBS=50 RATE="$RATE"
  warm w4q0 tcp PUBS=50 WINDOW=1
  for pass in $(seq 1 "$PASSES"); do
    for n in $CONNECTIONS; do
      measure "$pass" few "$n" w6 tcp PUBS=5 IDLE=$((n - 10)) RATE="$RATE"
      measure "$pass" all "$n" w6 tcp PUBS=$((n / 2)) RATE="$RATE"
      measure "$pass" closed "$n" w4q0 tcp PUBS=$((n / 2)) WINDOW=1
    done
  done
}

# Five filters for each session in turn (BATCH): whatever their number, the messages go to the same number of sessions, so that a write has as many of them.
# Each message matches one subscription: to 1,000 of the topics, so that their matches are kept; to topics that are always new, so that each is searched for, below the
# 150 of them whose filters end in # and so in memory that the processor has at hand, and below all such filters.
subscriptions() {
  warm w8 tcp N=1000
  warm w8 tcp N=10000 FRESH=1
  for pass in $(seq 1 "$PASSES"); do
    for n in $SUBSCRIPTIONS; do
      measure "$pass" kept "$n" w8 tcp BATCH=5 N="$n" HOT=1000
      measure "$pass" search "$n" w8 tcp BATCH=5 N="$n" HOT=1000 FRESH=1
      measure "$pass" spread "$n" w8 tcp BATCH=5 N="$n" FRESH=1
    done
  done
}

# Warmed up by few connections again and again: pools of the size for many would hide what these take.
memory() {
  for over in tcp tls; do
    start
    warm w5 "$over" N=500 WARMCONNS=0 HOLD=0
    for n in $IDLES; do measure 1 "$over" "$n" w5 "$over" N="$n" WARMCONNS=0 HOLD=3; done
  done
}

[ "$PARTS" = memory ] || start
for part in $PARTS; do
  case $part in
    connections | subscriptions | memory) "$part" ;;
    *) echo "no such part: $part" >&2; exit 64 ;;
  esac
done
status=0
node "$here/report.js" "$results" "$IMAGES" || status=$?
echo "raw: $results; plots: $IMAGES" >&2
exit $status
