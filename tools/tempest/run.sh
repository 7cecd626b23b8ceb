#!/usr/bin/env bash
# Runs Debian's heat-tempest-plugin and murano-tempest-plugin against a Hearth of its own:
# run.sh BINARY [REGEX].
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "$1")
only=${2:-.}
export PYTHON=/usr/bin/python3 # Debian's, with Debian's packages
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
dir=$(mktemp -d)
server=

finish() {
  status=$?
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true
  fi
  if [ $status = 0 ]; then rm -rf "$dir"; else echo "Logs and results are in $dir"; fi
}
trap finish EXIT

# An offset at which the ports of every API are free.
free_offset() {
  $PYTHON - <<'PY'
import random, socket
def free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
while True:
    offset = random.randrange(10000, 22000)
    if all(free(port + offset) for port in (5000, 8000, 8004, 8080, 8082, 8083)):
        print(offset)
        break
PY
}

healthy() { $PYTHON -c "import sys, urllib.request as r; r.urlopen('http://127.0.0.1:$1/healthcheck', timeout=1)" 2>/dev/null; }

start() {
  offset=$(free_offset)
  HEARTH_ENABLE_STACK_ADOPT=true HEARTH_ENABLE_STACK_ABANDON=true HEARTH_LISTEN__BROKER=8083 \
    "$binary" serve --data "$dir/data" --port-offset "$offset" > "$dir/hearth.log" 2>&1 &
  server=$!
  for _ in $(seq 300); do
    if healthy $((8080 + offset)); then return 0; fi
    if ! kill -0 "$server" 2>/dev/null; then return 1; fi
    sleep 0.1
  done
  return 1
}
start || { cat "$dir/hearth.log"; echo "hearth serve did not start"; exit 1; }

# shellcheck source=/dev/null
source "$dir/data/openrc"
image=$($PYTHON "$here/prepare.py")
sed -e "s|@DIR@|$dir|g" -e "s|@IMAGE@|$image|g" -e "s|@AUTH_URL@|$OS_AUTH_URL|g" -e "s|@PASSWORD@|$OS_PASSWORD|g" -e "s|@REGION@|$OS_REGION_NAME|g" \
  "$here/tempest.conf.in" > "$dir/tempest.conf"
export TEMPEST_CONFIG_DIR=$dir TEMPEST_CONFIG=tempest.conf

# The plugins side by side. Murano's has packages to upload that Debian's package leaves out:
# it looks for them beside its own code.
$PYTHON - "$dir/plugins" <<'PY'
import pathlib, shutil, sys
import heat_tempest_plugin, murano_tempest_tests
for plugin in heat_tempest_plugin, murano_tempest_tests:
    shutil.copytree(pathlib.Path(plugin.__file__).parent, pathlib.Path(sys.argv[1]) / plugin.__name__)
PY
cp -r "$here/extras" "$dir/plugins/murano_tempest_tests/extras"
export PYTHONPATH=$dir/plugins

# The tests of one class, and those of one file of gabbi, stay together and in order.
cat > "$dir/.stestr.conf" <<CONF
[DEFAULT]
test_path=$dir/plugins
top_dir=$dir/plugins
group_regex=(heat_tempest_plugin\.tests\.api\.test_heat_api\.[^_]+|([^\.]*\.)*)
CONF
cd "$dir"
stestr init
stestr list > all.txt 2> list.log || { cat list.log; exit 1; }
grep -v -e '^#' -e '^$' "$here/required.txt" | grep -E -- "$only" > run.txt
stestr run --concurrency 2 --load-list run.txt > run.log 2>&1 || true
stestr last --subunit > results.subunit
$PYTHON "$here/summary.py" "$here" run.txt all.txt < results.subunit || { stestr last || true; tail -n 50 hearth.log; exit 1; }
