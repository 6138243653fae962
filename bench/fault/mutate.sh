#!/usr/bin/env bash
# mutate.sh: mutations of what real clients say, on every listener, while good clients work. See README.md. MINUTES (10), SEED (1), MUTANTS (48) at a time.
set -euo pipefail
. "$(dirname "$0")/common.sh"
run -cp "$classpath" org.parley.fault.MutationRun "${MINUTES:-10}" "${SEED:-1}" "${MUTANTS:-48}"
