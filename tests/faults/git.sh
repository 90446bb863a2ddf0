#!/bin/sh
# Stands before git in PATH and kills whoever called it, just before or after the
# command that DEATH_COMMAND, DEATH_NUMBER and DEATH_WHEN name.
for word in "$@"; do
  case $word in
    -* | *=*) ;;
    *) break ;;
  esac
done
if [ "$word" = "$DEATH_COMMAND" ]; then
  printf . >>"$DEATH_COUNT"
  if [ "$(wc -c <"$DEATH_COUNT")" -eq "$DEATH_NUMBER" ]; then
    [ "$DEATH_WHEN" = after ] && "$DEATH_GIT" "$@"
    kill -KILL "$PPID"
    exit 1
  fi
fi
exec "$DEATH_GIT" "$@"
