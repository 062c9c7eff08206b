#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# devices.sh COMMAND [ARGUMENT...]
#
# Inside the virtual machine: gives it what limits can be set on beyond memory, processor and processes, then becomes
# COMMAND: a block device with a scheduler that weighs, huge pages, a RDMA device. What this kernel does not have stays
# away, and the conformance suite skips its cases with that reason.
set -uo pipefail

modprobe null_blk nr_devices=1 && modprobe bfq && echo bfq >/sys/block/nullb0/queue/scheduler
echo 8 >/proc/sys/vm/nr_hugepages
modprobe dummy && modprobe rdma_rxe && ip link add rdma0 type dummy && ip link set rdma0 up &&
  rdma link add rxe0 type rxe netdev rdma0
exec "$@"
