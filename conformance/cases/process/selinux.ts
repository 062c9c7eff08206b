// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { root, selinux, selinuxLabel, without } from "../../needs.ts";
import { security } from "../../questions.ts";

/** Of a type that policies with containers in them have. */
const label = "system_u:system_r:container_t:s0:c124,c675";

export default {
  label: observe({
    clauses: ["process.selinux"],
    needs: [root, selinux, selinuxLabel(label)],
    change: { "/process/selinuxLabel": label },
    ask: { security },
    expect: (seen) => equal("the label", seen.security.label, label),
  }),
  unknown: refuse({
    clauses: ["process.selinux-refused"],
    needs: [selinux],
    at: "either",
    change: { "/process/selinuxLabel": "system_u:system_r:conformance_not_there_t:s0" },
  }),
  off: refuse({
    clauses: ["process.selinux-refused"],
    needs: [without(selinux, "SELinux is enabled")],
    at: "either",
    change: { "/process/selinuxLabel": label },
  }),
} satisfies Cases;
