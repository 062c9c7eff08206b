// SPDX-License-Identifier: Apache-2.0

import { sysctlPath } from "../config/rules/sysctl.ts";
import { escapeToken } from "../json.ts";
import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

export function sysctlSteps({ config }: Facts): readonly Step[] {
  return Object.entries(config.linux?.sysctl ?? {}).map(([name, value]) => {
    const path = sysctlPath(name);
    // lib/config has refused the others
    if (path === undefined) throw new TypeError(`sysctl ${name}`);
    return { op: "writeSysctl", from: `/linux/sysctl/${escapeToken(name)}`, path, value };
  });
}
