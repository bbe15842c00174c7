#!/bin/sh
# Double-click to open the workshop. The first time: right-click, then Open.
cd "$(dirname "$0")" || exit 1
command -v python3 >/dev/null 2>&1 || { echo "This needs Python 3.11 or newer. Get it at python.org, then start again."; exit 1; }
exec python3 start.py "$@"
