#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# demo.sh
#
# Makes a bundle in a temporary folder, runs it, and shows what its process sees and may do, beside what this
# machine looks like from outside, and how long each step of the runtime took. Works with and without root, needs
# build/runts, and leaves nothing behind.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
runts=$here/../build/runts

[ -x "$runts" ] || {
  echo "demo.sh: build/runts is missing (npm run build)" >&2
  exit 1
}

id=demo-$$
work=$(mktemp -d)
# Interrupted, the container may still be there; otherwise there is nothing to delete.
trap '"$runts" --root "$work/state" delete --force $id; rm -rf "$work"' EXIT
"$here/bundle.sh" "$work"
mkdir "$work/rootfs/demo"
cp "$here/demo/look.sh" "$here/demo/try.sh" "$work/rootfs/demo"
node "$here/demo/main.js" "$(realpath "$runts")" "$work" $id
