#!/usr/bin/env bash
# fault.sh: faults by a seeded schedule while well-behaved clients of both protocols work. See README.md. MINUTES (30), SEED (1), CLIENTS (200).
# fault.sh --expect-loss: the check of the check: a broker that keeps nothing is killed, and the run must see the loss.
set -euo pipefail
if [ -z "${FAULT_DISK:-}" ]; then # a small disk of its own, which is gone with this process
  map=
  [ "$(id -u)" = 0 ] || map=--map-root-user
  FAULT_DISK=$(mktemp -d)
  export FAULT_DISK
  trap 'rmdir "$FAULT_DISK"' EXIT
  unshare $map --mount sh -c 'mount -t tmpfs -o size=768m,mode=700 parley-fault "$FAULT_DISK" && exec "$@"' sh "$0" "$@"
  exit
fi
. "$(dirname "$0")/common.sh"
run -Dparley.fault.disk="$FAULT_DISK" -cp "$classpath" org.parley.fault.FaultRun "${MINUTES:-30}" "${SEED:-1}" "${CLIENTS:-200}" "$@"
