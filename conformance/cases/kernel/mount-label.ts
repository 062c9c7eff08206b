// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe, refuse } from "../../case.ts";
import { holds } from "../../expect.ts";
import { root, selinux, selinuxLabel, without } from "../../needs.ts";
import { mounts } from "../../questions.ts";

const label = "system_u:object_r:container_file_t:s0:c715,c811";
const change = { "/linux/mountLabel": label };

export default {
  labelled: observe({
    clauses: ["kernel.mount-label"],
    needs: [root, selinux, selinuxLabel(label)],
    change,
    ask: { mounts },
    expect: (seen) => {
      // proc has its labels from the policy; a tmpfs takes one for all its files.
      for (const point of ["/dev", "/dev/shm"]) {
        const line = seen.mounts.find((text) => text.split(" ")[4] === point) ?? "";
        holds(`the mount of ${point}`, line, `the context ${label}`, line.includes(label));
      }
    },
  }),
  off: refuse({
    clauses: ["kernel.mount-label-refused"],
    needs: [without(selinux, "SELinux is enabled")],
    change,
  }),
} satisfies Cases;
