// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, refuse } from "../../case.ts";
import { resctrl } from "../../instruments/resctrl.ts";
import { without } from "../../needs.ts";

const refused = (intelRdt: object): Case =>
  refuse({
    clauses: ["intel-rdt.unavailable"],
    needs: [without(resctrl, "a resctrl file system is mounted")],
    change: { "/linux/intelRdt": intelRdt },
  });

export default {
  "named-class": refused({ closID: "conformance" }),
  "default-class": refused({ closID: "/" }),
  schema: refused({ l3CacheSchema: "L3:0=f" }),
  schemata: refused({ schemata: ["MB:0=50"] }),
  monitoring: refused({ enableMonitoring: true }),
  // Even an empty object is set.
  empty: refused({}),
} satisfies Cases;
