#!/usr/bin/env bash
# Runs all tests, in two halves side by side that take equally long, each with servers
# of its own. What breaks things on purpose is left out of the coverage: it would be
# slower, and covers what others do.
set -uom pipefail  # -m: the half in the background can be ended with all it started
cd "$(dirname "$0")/.."

breaking=(tests/faults tests/hostile tests/story)
commands=(tests/cli)
elsewhere=("${breaking[@]/#/--ignore=}" "${commands[@]/#/--ignore=}")
log="$(mktemp)"

plain() {
  .venv/bin/python -m pytest -p no:cacheprovider "$@"
}

measured() {
  COVERAGE_FILE=".coverage.$1" .venv/bin/coverage run -m pytest "${@:2}"
}

behind() {
  local ended=0
  plain tests/faults tests/story || ended=1
  measured commands -p no:cacheprovider "${commands[@]}" || ended=1
  return "$ended"
}

behind >"$log" 2>&1 &
half=$!
trap 'kill -- -"$half" 2>/dev/null; rm -f "$log"' EXIT

ended=0
measured rest "${elsewhere[@]}" || ended=1
plain tests/hostile || ended=1
wait "$half" || ended=1
cat "$log"
.venv/bin/coverage combine --quiet .coverage.commands .coverage.rest || ended=1
.venv/bin/coverage report --skip-covered || ended=1
exit "$ended"
