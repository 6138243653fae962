#!/usr/bin/env bash
# compare.sh: durable QoS 1 beside a bare file. Each pass runs 50 publishers and 50 durable subscribers (w4q1 of ../mqtt, 256 bytes, acknowledged by
# fsync) against Parley, reads from its metrics how large its batches were, and has a bare file append and sync batches of the same size on the same disk; at once after it, and
# at once before (of the size that the pass before has had): the disk swings, and the mean of both is what it is compared with.
# Nothing is pinned: the broker runs as it is shipped. ../mqtt/setup.sh parley has to have run. WINDOW (1): messages that a publisher has under way.
# PASSES (5), DURATION (5 s). JAVA: a JDK 25.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mqtt=$here/../mqtt
export BENCH_WORK=${BENCH_WORK:-$PWD/target/bench} DURATION=${DURATION:-5}
export DURABLE=1 SIZE=256 WINDOW=${WINDOW:-1} BROKER_CPU= GEN_CPU= LOOPS=0
PASSES=${PASSES:-5} JAVA=${JAVA:-java}
trap '"$mqtt/peers/parley.sh" stop' EXIT
"$mqtt/peers/parley.sh" start
read -r port _ < <("$mqtt/peers/parley.sh" ports)
http=$("$mqtt/peers/parley.sh" http)
figure() { curl -s "http://localhost:$http/metrics" | awk -v name="parley_store_$1_total" '$1 == name { printf "%.0f", $2 }'; }
figures() { echo "$(figure syncs) $(figure commands) $(figure written_bytes)"; }
load() { BROKER_PID=$("$mqtt/peers/parley.sh" pid) "$mqtt/bench.sh" w4q1 127.0.0.1 "$port" tcp /mqtt; }
bare() { "$JAVA" "$here/BareFile.java" "$BENCH_WORK" "$1" "$2" "$DURATION" | field messages_s; } # BYTES MESSAGES of a batch
field() { node -e 'console.log(JSON.parse(require("fs").readFileSync(0, "utf8"))[process.argv[1]])' "$1"; }
for _ in 1 2 3 4; do WINDOW=10 load > /dev/null; done
batch=16.5 size=5800 # about
echo '| pass | Parley, messages/s | p50, p99 from PUBLISH to delivery, ms | syncs/s | messages a batch | bytes a batch | bare file, messages/s | ratio |'
echo '|---|---|---|---|---|---|---|---|'
for pass in $(seq 1 "$PASSES"); do
  before=$(bare "$size" "$batch")
  read -r syncs commands bytes < <(figures)
  line=$(load)
  read -r syncs2 commands2 bytes2 < <(figures)
  former=$batch
  batch=$(awk -v c=$((commands2 - commands)) -v s=$((syncs2 - syncs)) 'BEGIN { printf "%.2f", c / s }')
  size=$(((bytes2 - bytes) / (syncs2 - syncs)))
  awk -v pass="$pass" -v rate="$(field rate <<< "$line")" -v p50="$(field lat_p50_us <<< "$line")" -v p99="$(field lat_p99_us <<< "$line")" -v batch="$batch" \
    -v syncs=$((syncs2 - syncs)) -v commands=$((commands2 - commands)) -v size="$size" -v before="$before" -v former="$former" -v after="$(bare "$size" "$batch")" \
    'BEGIN { bare = (before * batch / former + after) / 2; printf "| %d | %d | %.1f, %.1f | %d | %.1f | %d | %d | %.2f |\n", pass, rate, p50 / 1000, p99 / 1000, syncs * rate / commands, batch, size, bare, rate / bare }'
done
