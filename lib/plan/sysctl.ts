// SPDX-License-Identifier: Apache-2.0

import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

/** sysctl.d(5): whichever of "." and "/" comes first separates; the other one stands for itself. */
export function sysctlPath(key: string): string {
  const dot = key.indexOf(".");
  const slash = key.indexOf("/");
  if (dot < 0 || (slash >= 0 && slash < dot)) return key;
  let path = "";
  for (const letter of key) path += letter === "." ? "/" : letter === "/" ? "." : letter;
  return path;
}

export function sysctlSteps({ config }: Facts): readonly Step[] {
  return Object.entries(config.linux?.sysctl ?? {}).map(([key, value]) => ({
    op: "writeSysctl",
    from: `/linux/sysctl/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    path: sysctlPath(key),
    value,
  }));
}
