#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# cache.sh
#
# Prints the folder of what is fetched once for the tests and kept: RUNTS_VM_CACHE, by default /var/cache/runts-vm for
# root, else ~/.cache/runts-vm.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then cache=/var/cache/runts-vm; else cache=${XDG_CACHE_HOME:-$HOME/.cache}/runts-vm; fi
echo "${RUNTS_VM_CACHE:-$cache}"
