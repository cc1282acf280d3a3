#!/bin/sh
# Stops the server of DIR, if one runs, and starts it again: restart.sh DIR COMMAND...
dir=$1
shift
[ -f "$dir/pid" ] && kill "$(cat "$dir/pid")"
while :; do
  "$@" >"$dir/out" 2>"$dir/err" </dev/null &
  echo $! >"$dir/pid"
  # The one before may hold the file a little longer; then this one ends and is started again.
  while kill -0 $! 2>/dev/null; do
    grep -q '^esdb' "$dir/out" && exit 0
    sleep 0.05
  done
done
