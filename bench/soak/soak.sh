#!/usr/bin/env bash
# soak.sh: durable sessions that come and go for twenty minutes, one that is away throughout, and what the broker holds meanwhile: a line every
# SAMPLE (30) seconds. ../mqtt/setup.sh parley has to have run. SESSIONS (10000), SECONDS_ (1200), RATE (2000 messages/s), CHURN (100 sessions/s).
# JAVA: a JDK 25. The heap has a fixed size and is touched at the start, so that the rest of the resident memory is native.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mqtt=$here/../mqtt
export BENCH_WORK=${BENCH_WORK:-$PWD/target/bench}
export SERVER_JOPTS="-Xms1g -Xmx1g -XX:+AlwaysPreTouch" BROKER_CPU=${BROKER_CPU-0} LOOPS=1
JAVA=${JAVA:-java}
jcmd=$(dirname "$(command -v "$JAVA")")/jcmd
trap '"$mqtt/peers/parley.sh" stop' EXIT
ulimit -n "$(ulimit -Hn)"
"$mqtt/peers/parley.sh" start
read -r port _ < <("$mqtt/peers/parley.sh" ports)
broker=$("$mqtt/peers/parley.sh" pid)
data=$(dirname "$(find "$BENCH_WORK/run/parley" -name owner.lock)")
taskset -c "${GEN_CPU:-1}" "$JAVA" "$here/Soak.java" "$port" "${SESSIONS:-10000}" "${SECONDS_:-1200}" "${RATE:-2000}" "${CHURN:-100}" > "$BENCH_WORK/soak.txt" &
load=$!
echo '| seconds | live heap, MiB | resident, MiB | without heap, MiB | data folder, MiB | files and sockets open | threads |'
echo '|---|---|---|---|---|---|---|'
begin=$SECONDS
while kill -0 $load 2> /dev/null; do
  sleep "${SAMPLE:-30}"
  live=$("$jcmd" "$broker" GC.class_histogram | awk '/^Total/ { printf "%d", $3 / 1048576 }')
  resident=$(awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$broker/status")
  echo "| $((SECONDS - begin)) | $live | $resident | $((resident - 1024)) | $(du -sm "$data" | cut -f1) | $(ls "/proc/$broker/fd" | wc -l) | $(ls "/proc/$broker/task" | wc -l) |"
done
status=0
wait $load || status=$?
tail -3 "$BENCH_WORK/soak.txt"
kill -9 "$broker"
begin=$(date +%s%N)
KEEP=1 "$mqtt/peers/parley.sh" restart
echo "killed and started again: MQTT is served after $((($(date +%s%N) - begin) / 1000000)) ms"
grep -rho 'read back in.*' "$BENCH_WORK/run/parley/out" --include=messages.log | tail -1
exit $status
