#!/usr/bin/env bash
# A day of work with this repository's own content: checks, plans, publishes what is due
# to the `site` channel, measures, reports and builds the pages. Everything happens in a
# throw-away clone in .demo/; it needs no account and asks nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

checkout=$PWD
smmflow=$checkout/.venv/bin/smmflow
pages=$checkout/public

say() { printf '\n== %s\n' "$1"; }
run() {
  printf '$ smmflow %s\n' "$*"
  "$smmflow" "$@"
}

if [ ! -x "$smmflow" ]; then
  echo "smmflow is not installed here: run \`make demo\`, which installs it first" >&2
  exit 2
fi
if ! git rev-parse -q --verify HEAD >/dev/null; then
  echo "this repository has no commit yet, and the demo shows what is committed:" \
    "run \`git add --all\` and \`git commit\` first" >&2
  exit 2
fi

rm -rf .demo
git clone -q --no-hardlinks . .demo
cd .demo
# No remote: nothing the demo does can leave this machine.
git remote remove origin
# Machines without a name for git's commits, such as CI's, can run the demo too.
export GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@smmflow.example
export GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@smmflow.example

say "Check: every file, every post as every channel would get it"
run check

say "Plan: what is due, what waits, what is held and why"
run plan

say "Publish: what is due, to our own site, which needs no account"
# Read later in the year, all of it is due at once, which a plan refuses unless told.
run publish --channel site --yes --allow-many

say "Measure: the site counts nothing, so nothing is due"
run measure --channel site

say "Report: what went out and what came of it"
run report

say "Site: the pages and feeds"
run site --output "$pages"

say "Look at"
echo "$pages/index.html   the published posts"
echo "$pages/report/index.html   the report"
echo "git -C .demo log smmflow-state   the memory: what was claimed, what became of it"
