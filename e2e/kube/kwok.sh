#!/usr/bin/env bash
# Builds KWOK, which plays nodes whose Pods run nothing, once (about 3 minutes on 2 cores), and writes its stages beside it: nodes
# that beat, Pods that are ready at once and go when they are deleted. Prints its folder.
# usage: kwok.sh [DIR]      default ~/.cache/tensorfleet/kwok-VERSION
set -euo pipefail
version=v0.7.0
dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/tensorfleet/kwok-$version}
if [ ! -x "$dir/bin/kwok" ] || [ ! -s "$dir/stages.yaml" ]; then
  command -v go > /dev/null || { echo "kwok: Go 1.26 or newer is needed to build KWOK and is not on the PATH" >&2; exit 3; }
  echo "kwok: building $version into $dir (about 3 minutes, once)" >&2
  mkdir -p "$dir/bin"
  [ -x "$dir/bin/kwok" ] || GOBIN="$dir/bin" go install "sigs.k8s.io/kwok/cmd/kwok@$version" >&2
  stages=$(go mod download -json "sigs.k8s.io/kwok@$version" | sed -n 's/.*"Dir": "\(.*\)",*/\1/p')/kustomize/stage
  for stage in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease \
      pod/fast/pod-ready pod/fast/pod-complete pod/fast/pod-delete; do
    echo ---; cat "$stages/$stage.yaml"
  done > "$dir/stages.yaml.new"
  mv "$dir/stages.yaml.new" "$dir/stages.yaml"
fi
echo "$dir"
