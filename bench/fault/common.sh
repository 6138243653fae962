# Sourced by the scripts here: a build, if there is none, and the class path of the tests. JAVA: a JDK 25. MVN: Maven and its options.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
JAVA=${JAVA:-java} MVN=${MVN:-mvn -B -ntp}
work=${FAULT_WORK:-$root/target/fault}
mkdir -p "$work"
if [ ! -e target/parley.war ] || [ ! -x target/liberty/wlp/bin/server ] || [ ! -e target/test-classes/org/parley/fault ]; then
  $MVN -q -DskipTests package
fi
[ -s "$work/classpath" ] || $MVN -q dependency:build-classpath -Dmdep.outputFile="$work/classpath"
ulimit -n "$(ulimit -Hn)"
run() { "$JAVA" -Xmx1g --enable-native-access=ALL-UNNAMED -Dparley.fault.folder="$work/run" "$@"; }
classpath=target/test-classes:target/classes:$(cat "$work/classpath")
rm -rf "$work/run"
