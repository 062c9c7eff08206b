#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# selinux.sh COMMAND [ARGUMENT...]
#
# Inside `vm.sh -l selinux`: loads a policy that knows the labels of the conformance suite and permits everything,
# enforces it, and runs COMMAND. What the kernel then refuses are labels that the policy does not have. Needs secilc.
#
#   scripts/vm.sh -l selinux scripts/vm/selinux.sh node build/conformance/runts-conformance.js build/runts \
#     --timeout 60 --only 'selinux|mount-label'
set -euo pipefail

# In the order of the kernel's own numbers.
initial=(kernel security unlabeled fs file file_labels init any_socket port netif netmsg node igmp_packet icmp_socket
  tcp_socket sysctl_modprobe sysctl sysctl_fs sysctl_kernel sysctl_net sysctl_net_unix sysctl_vm sysctl_dev kmod policy
  scmp_packet devnull)
types=(kernel_t container_t container_file_t)
categories=$(printf 'c%d ' {0..1023})

policy() {
  # The kernel asks for the class process; what the policy does not know is allowed.
  echo '(handleunknown allow) (mls true) (policycap nnp_nosuid_transition)'
  echo '(class process (transition dyntransition)) (classorder (process))'
  printf '(sid %s)\n' "${initial[@]}"
  echo "(sidorder (${initial[*]}))"
  # shellcheck disable=SC2086 # a word each
  printf '(category %s)\n' $categories
  echo "(categoryorder ($categories)) (sensitivity s0) (sensitivityorder (s0))"
  echo '(sensitivitycategory s0 (range c0 c1023))'
  echo '(level low (s0)) (level high (s0 (range c0 c1023))) (levelrange none (low low)) (levelrange all (low high))'
  echo '(user system_u) (userlevel system_u low) (userrange system_u all)'
  for role in system_r object_r; do
    echo "(role $role) (userrole system_u $role)"
    printf "(roletype $role %s)\n" "${types[@]}"
  done
  printf '(type %s)\n' "${types[@]}"
  echo '(typeattribute every) (typeattributeset every (all))'
  echo '(allow every every (process (transition dyntransition)))'
  printf '(sidcontext %s (system_u system_r kernel_t none))\n' "${initial[@]}"
}

work=$(mktemp -d)
policy >"$work/policy.cil"
secilc --policyvers=33 --output="$work/policy" --filecontext=/dev/null "$work/policy.cil"
mount -t selinuxfs selinuxfs /sys/fs/selinux
# The kernel takes a policy in one write.
dd if="$work/policy" of=/sys/fs/selinux/load bs=16M iflag=fullblock status=none
echo 1 >/sys/fs/selinux/enforce
rm -r "$work"
exec "$@"
