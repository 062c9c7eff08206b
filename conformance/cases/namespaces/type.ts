// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, refuse } from "../../case.ts";

const invalid = (entry: Readonly<Record<string, string>>): Case =>
  refuse({ clauses: ["namespaces.type-valid"], change: { "/linux/namespaces/-": entry } });

export default {
  unknown: invalid({ type: "disk" }),
  // The kernel's words are not those of the config.
  "kernels-name": invalid({ type: "net" }),
  "upper-case": invalid({ type: "NETWORK" }),
  empty: invalid({ type: "" }),
  missing: invalid({}),
} satisfies Cases;
