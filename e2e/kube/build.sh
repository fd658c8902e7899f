#!/usr/bin/env bash
# Builds a real Kubernetes control plane from Go modules, once: etcd, kube-apiserver, kube-controller-manager, kube-scheduler
# and kubectl. About 4 minutes on 2 cores; a second call does nothing. Prints the folder of the programs.
# usage: build.sh [DIR]      default ~/.cache/tensorfleet/kube-VERSION; KUBE_VERSION names another release
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${KUBE_VERSION:-v1.36.3}
programs=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl)
say() { echo "kube: $*" >&2; }

[[ $version =~ ^v1\.([0-9]+)\.[0-9]+$ ]] || { say "KUBE_VERSION='$version': accepted is a release such as v1.36.3"; exit 2; }
minor=${BASH_REMATCH[1]}
dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/tensorfleet/kube-$version}

if [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ -x "$KUBEBUILDER_ASSETS/etcd" ] && [ -x "$KUBEBUILDER_ASSETS/kube-apiserver" ]; then
  echo "$KUBEBUILDER_ASSETS"; exit 0
fi
built() { local p; for p in "${programs[@]}"; do [ -x "$dir/bin/$p" ] || return 1; done; }

# The release's own go.mod points its staging modules at folders; here they are the published modules of the same release.
modules() {
  local gomod staging=v0.${version#v1.}
  gomod=$(go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
  [ -n "$gomod" ] || { say "there is no release $version among the Go modules"; return 1; }
  printf 'module tensorfleet/kube\n\n%s\n\nrequire k8s.io/kubernetes %s\n\nreplace (\n' "$(grep '^go ' "$gomod")" "$version"
  sed -n 's#^[[:space:]]*\(k8s.io/[a-z0-9-]*\) => \./staging.*#\1#p' "$gomod" | sort -u | sed "s#.*#  & => & $staging#"
  echo ')'
}

build() {
  local stamp=k8s.io/component-base/version program
  say "building $version into $dir (about 4 minutes, once)"
  mkdir -p "$dir/src" "$dir/bin"
  cp "$here/main.go" "$dir/src/"
  cd "$dir/src"
  modules > go.mod.new; mv go.mod.new go.mod
  export GOFLAGS=-mod=mod CGO_ENABLED=0
  go mod tidy >&2
  go build -trimpath -o "$dir/bin/control-plane.new" \
    -ldflags "-s -w -X $stamp.gitVersion=$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=$minor" .
  mv "$dir/bin/control-plane.new" "$dir/bin/control-plane"
  for program in "${programs[@]}"; do ln -sf control-plane "$dir/bin/$program"; done
}

if ! built; then
  command -v go > /dev/null || { say "Go 1.26 or newer is needed to build the control plane and is not on the PATH." \
    "Install it, or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver."; exit 3; }
  mkdir -p "$dir"
  if command -v flock > /dev/null; then
    exec 9> "$dir/build.lock"
    flock -n 9 || { say "another build is running; waiting for it"; flock 9; }
  fi
  built || build
fi
echo "$dir/bin"
