// SPDX-License-Identifier: Apache-2.0

import { type Cases, refuse } from "../../case.ts";
import { cgroup } from "../../needs.ts";

export default {
  "class-id": refuse({
    clauses: ["resources.network-class-id", "resources.conversion-impossible"],
    needs: [cgroup],
    change: { "/linux/resources": { network: { classID: 1_048_577 } } },
  }),
  priorities: refuse({
    clauses: ["resources.network-priorities", "resources.conversion-impossible"],
    needs: [cgroup],
    change: { "/linux/resources": { network: { priorities: [{ name: "lo", priority: 5 }] } } },
  }),
} satisfies Cases;
