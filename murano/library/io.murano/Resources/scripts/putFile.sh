#!/bin/sh
# Writes the file "content" of the plan to $1. A file that is there keeps its owner and mode.
set -eu
mkdir -p "$(dirname "$1")"
cat content > "$1"
