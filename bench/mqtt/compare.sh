#!/usr/bin/env bash
# compare.sh: measures brokers side by side and prints one table. Each pass runs every workload against every broker in turn, so that what else
# the machine does meets all of them; JVMs are warmed up first. setup.sh has to have run for these peers.
# PEERS ("mosquitto20 parley"; the first is what the others are divided by), WORKLOADS ("w1-64 w1-1k w2 w3 w4q0 w4q1 w4q2"; w5 to w9), TRANSPORT (tcp, tls, ws, wss),
# PASSES (5), DURATION (5 s each), WARM (20 s of CPU for a JVM). Raw results: $BENCH_WORK/results/TIME.jsonl
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export BENCH_WORK=${BENCH_WORK:-$PWD/target/bench}
PEERS=${PEERS:-mosquitto20 parley} WORKLOADS=${WORKLOADS:-w1-64 w1-1k w2 w3 w4q0 w4q1 w4q2} TRANSPORT=${TRANSPORT:-tcp} PASSES=${PASSES:-5} WARM=${WARM:-20}
results=$BENCH_WORK/results/$(date -u +%Y%m%dT%H%M%SZ).jsonl
jcmd=$(dirname "$(command -v "${JAVA:-java}")")/jcmd
mkdir -p "${results%/*}"
export PARLEY_CONNECTIONS_RATE=0 PARLEY_CONNECTIONS_RATE_PER_IDENTITY=0 # one machine with one certificate is every client
export CLEAR=1 # w9 takes its retained messages away again
ulimit -n "$(ulimit -Hn)"
export CERT=$BENCH_WORK/pki/client.pem KEY=$BENCH_WORK/pki/client.key CA=$BENCH_WORK/pki/ca.pem

cpu_seconds() { awk -v hz="$(getconf CLK_TCK)" '{print int(($14 + $15) / hz)}' "/proc/$1/stat"; }

# run PEER WORKLOAD: one JSON line
run() {
  read -r tcp tls ws path < <("$here/peers/$1.sh" ports)
  case $TRANSPORT in tcp) port=$tcp ;; tls) port=$tls ;; ws) port=$ws ;; wss) port=$((ws + 1)) ;; esac
  local hook=
  if [ "$2" = w5 ] && [[ $("$here/peers/$1.sh" kind) = j* ]]; then hook="'$jcmd' $(broker_pid "$1") GC.class_histogram | awk '/^Total/ { print \$3 }'"; fi # bytes of live heap
  HOOK=$hook BROKER_PID=$(broker_pid "$1") LABEL=$1 "$here/bench.sh" "$2" 127.0.0.1 "$port" "$TRANSPORT" "$path" || true
}

broker_pid() { "$here/peers/$1.sh" pid; }

stop() { for peer in $PEERS; do "$here/peers/$peer.sh" stop || true; done; }
trap stop EXIT
for peer in $PEERS; do
  "$here/peers/$peer.sh" start
  if [ "$("$here/peers/$peer.sh" kind)" != native ]; then
    for workload in $WORKLOADS; do # each has code of its own to warm up
      until=$(($(cpu_seconds "$(broker_pid "$peer")") + WARM))
      while [ "$(cpu_seconds "$(broker_pid "$peer")")" -lt $until ]; do run "$peer" "$workload" > /dev/null; done
    done
  fi
done
for pass in $(seq 1 "$PASSES"); do
  for workload in $WORKLOADS; do
    for peer in $PEERS; do
      run "$peer" "$workload" | sed "s/^{/{\"pass\":$pass,\"peer\":\"$peer\",\"case\":\"$workload\",\"over\":\"$TRANSPORT\",/" >> "$results"
    done
  done
  echo "pass $pass of $PASSES" >&2
done
node "$here/table.js" "$results"
echo "raw: $results" >&2
