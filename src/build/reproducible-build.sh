#!/usr/bin/env bash
# Builds the WAR twice, each time from a clean copy of the tracked files in a folder of its own, and compares the bytes.
# With an argument, a WAR that has been built before, that one must have the same bytes too.
# Works offline: everything that Maven needs has been fetched by a build before.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What must not matter differs: the folder, the time of day, the language. No development PKI is made: pki/ is there.
build() { # name, time zone, locale
  mkdir -p "$work/$1/pki"
  git ls-files -z | xargs -0 cp --parents -t "$work/$1"
  cd "$work/$1"
  TZ=$2 LC_ALL=$3 mvn -B -o -q -Dmaven.test.skip=true -Dmaven.antrun.skip=true prepare-package war:war
}

build one UTC C.UTF-8 &
build another Asia/Kathmandu C &
wait -n
wait -n

for war in "$work/another/target/parley.war" "$@"; do
  if ! cmp "$work/one/target/parley.war" "$war"; then
    echo "WAR not reproducible: the two above differ." >&2
    exit 1
  fi
done
echo "WAR reproducible: sha256 $(sha256sum "$work/one/target/parley.war" | cut -d' ' -f1)"
