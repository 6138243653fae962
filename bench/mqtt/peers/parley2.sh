#!/bin/bash
# Parley once more beside the first, with the JVM options SERVER_JOPTS2 instead of SERVER_JOPTS: what an option is worth, in one run.
PEER_NAME=parley2 BASE=24090 SERVER_JOPTS=${SERVER_JOPTS2:-} exec "$(dirname "$0")/parley.sh" "$@"
