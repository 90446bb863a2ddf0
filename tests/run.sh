#!/usr/bin/env bash
# Runs all tests, in two halves side by side, each with servers of its own: what breaks
# things on purpose and the command line here, the rest there. What breaks things on
# purpose is left out of the coverage: it would be slower, and covers what others do.
set -uom pipefail  # -m: the half in the background can be ended with all it started
cd "$(dirname "$0")/.."

breaking=(tests/faults tests/hostile tests/story)
commands=(tests/cli)
elsewhere=("${breaking[@]/#/--ignore=}" "${commands[@]/#/--ignore=}")
log="$(mktemp)"

here() {
  local ended=0
  .venv/bin/python -m pytest -p no:cacheprovider "${breaking[@]}" || ended=1
  measured commands -p no:cacheprovider "${commands[@]}" || ended=1
  return "$ended"
}

measured() {
  COVERAGE_FILE=".coverage.$1" .venv/bin/coverage run -m pytest "${@:2}"
}

here >"$log" 2>&1 &
half=$!
trap 'kill -- -"$half" 2>/dev/null; rm -f "$log"' EXIT

measured rest "${elsewhere[@]}"
rest=$?
wait "$half"
broken=$?
cat "$log"
.venv/bin/coverage combine --quiet .coverage.commands .coverage.rest || rest=1
.venv/bin/coverage report --skip-covered || rest=1
((rest == 0 && broken == 0))
