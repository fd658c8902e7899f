#!/usr/bin/env bash
# Lints a page of Prometheus metrics from standard input as `promtool check metrics` does: with its linter.
# Exit status: 0 nothing to say, 3 warnings (one a line), 1 the page cannot be read, 4 there is no Go to build the linter with.
# usage: curl -s localhost:2112/metrics | e2e/promlint/lint.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v go > /dev/null || { echo "promlint: Go 1.25 or newer is needed to build the linter and is not on the PATH" >&2; exit 4; }
stamp=$(cat "$here/main.go" "$here/go.mod" "$here/go.sum" | sha256sum | cut -c1-12)
program=${XDG_CACHE_HOME:-$HOME/.cache}/tensorfleet/promlint-$stamp
if [ ! -x "$program" ]; then
  mkdir -p "$(dirname "$program")"
  (cd "$here" && CGO_ENABLED=0 go build -trimpath -o "$program.$$" .) >&2
  mv "$program.$$" "$program"
fi
exec "$program"
