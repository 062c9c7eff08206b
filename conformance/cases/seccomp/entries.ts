// SPDX-License-Identifier: Apache-2.0

import { type Cases, refuse } from "../../case.ts";
import { rule, rules } from "../../instruments/syscall-filter.ts";

export default {
  "no-names": refuse({ clauses: ["seccomp.syscalls-required"], change: rules(rule({ names: undefined })) }),
  "no-action": refuse({
    clauses: ["seccomp.syscalls-required"],
    change: rules(rule({ action: undefined, errnoRet: undefined })),
  }),
  "names-empty": refuse({ clauses: ["seccomp.names-empty"], change: rules(rule({ names: [] })) }),
} satisfies Cases;
