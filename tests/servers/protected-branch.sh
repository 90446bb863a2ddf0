#!/bin/sh
# An `update` hook that refuses what GitHub's branch protection refuses. The repository's
# configuration names the branches (protection.branch) and who may push to them
# nevertheless (protection.pusher); git_http.py says who pushes (REMOTE_USER).
ref=$1 old=$2 new=$3
nothing=0000000000000000000000000000000000000000

listed() {
  git config --get-all "protection.$1" | grep -qxF -- "$2"
}

refuse() {
  echo "error: GH006: Protected branch update failed for $ref." >&2
  echo "error: $1" >&2
  exit 1
}

listed branch "${ref#refs/heads/}" || exit 0
if [ "$new" = "$nothing" ]; then
  refuse "Cannot delete this branch"
fi
if [ "$old" != "$nothing" ] && ! git merge-base --is-ancestor "$old" "$new"; then
  refuse "Cannot force-push to this branch"
fi
listed pusher "$REMOTE_USER" || refuse "Changes must be made through a pull request."
