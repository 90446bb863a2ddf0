#!/usr/bin/env bash
# Runs all tests, in two halves side by side: what breaks things on purpose, and the rest.
# Each half starts its own servers. The coverage is that of the rest.
set -uo pipefail
cd "$(dirname "$0")/.."

breaking=(tests/faults tests/hostile tests/story)
log="$(mktemp)"
.venv/bin/python -m pytest -p no:cacheprovider "${breaking[@]}" >"$log" 2>&1 &
half=$!
trap 'kill "$half" 2>/dev/null; rm -f "$log"' EXIT

.venv/bin/coverage run -m pytest "${breaking[@]/#/--ignore=}"
rest=$?
wait "$half"
broken=$?
cat "$log"
.venv/bin/coverage report --skip-covered || rest=1
((rest == 0 && broken == 0))
