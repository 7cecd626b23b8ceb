#!/bin/sh
# Carries out Murano's execution plans. It asks Hearth for the next step, a shell script, runs
# it, and posts its exit code and output; again and again, until the server is let in no more.
# Usage: agent DIRECTORY
set -u
dir=$1
log=$dir/log
export HOME="${HOME:-/root}"
umask 077
cd / || exit 1
mkdir -p "$dir/plans" || exit 1
exec 2>>"$log"

say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >>"$log"; }

# ask ARGUMENTS... gives the status of the answer, 000 for none.
ask() {
  curl -sS -K "$dir/curl" -w '%{http_code}' --connect-timeout 10 --max-time 60 "$@" || :
}

# post PATH ARGUMENTS... repeats until there is an answer that will not change.
post() {
  path=$1
  shift
  while :; do
    status=$(ask -o /dev/null "$@" "$url$path")
    case $status in
      408 | 429) ;;
      2?? | 4??) return 0 ;;
    esac
    rest
  done
}

# short FILE BYTES keeps the end of a file.
short() {
  tail -c "$2" "$1" >"$1.end" && mv "$1.end" "$1"
}

# rest waits before another attempt, and keeps the log short meanwhile.
rest() {
  short "$log" 65536
  exec 2>>"$log"
  sleep "${HEARTH_AGENT_PAUSE:-5}"
}

# carry_out PLAN STEP runs a step unless that was done before the agent was restarted, and
# posts what came of it.
carry_out() {
  at=$dir/plans/$1
  result=$at/.hearth-$2
  mkdir -p "$at"
  if [ ! -f "$result.code" ]; then
    code=0
    sh "$dir/step" "$at" >"$result.out" 2>"$result.err" </dev/null || code=$?
    printf '%s' "$code" >"$result.new" && mv "$result.new" "$result.code"
    short "$result.out" 1048576
    short "$result.err" 1048576
    say "step $2 of plan $1 ended with $code"
    tail -c 65536 "$result.out" >>"$log"
    tail -c 65536 "$result.err" >>"$log"
    short "$log" 65536
    exec 2>>"$log"
  fi
  if [ "$(cat "$result.code")" != 0 ]; then
    post /log --data-binary "@$log" -H 'Content-Type: text/plain'
  fi
  post "/plans/$1/steps/$2" -F "code=<$result.code" -F "stdout=<$result.out" -F "stderr=<$result.err"
  [ "$status" = 200 ] || rm -rf "$at"
}

url=$(cat "$dir/url")
say 'the agent begins'
while :; do
  status=$(ask -o "$dir/step" "$url/next")
  case $status in
    200)
      what='' plan='' step=''
      read -r _ what plan step <"$dir/step"
      case $what:$plan:$step in
        hearth-step:*[!0-9a-f]*:* | hearth-step:*:*[!0-9]*) rest ;;
        hearth-step:?*:?*) carry_out "$plan" "$step" ;;
        *) rest ;;
      esac
      ;;
    204) ;;
    403)
      say 'the agent is let in no more'
      exit 0
      ;;
    *) rest ;;
  esac
done
