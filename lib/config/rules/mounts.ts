// SPDX-License-Identifier: Apache-2.0

import { mountOptions } from "../../tables/mount-options.ts";
import type { Mount } from "../types.ts";
import { idmappedMountRule } from "./idmapped-mounts.ts";
import { fault, type Subject } from "./subject.ts";

/** What the options make of a mount. */
function kindOf(options: readonly string[]): "new" | "bind" | "change" {
  let kind: "new" | "bind" | "change" = "new";
  for (let i = 0; i < options.length; i++) {
    const option = mountOptions[options[i] ?? ""];
    if (option?.kind === "remount") return "change";
    if (option?.kind === "bind") kind = "bind";
  }
  return kind;
}

/** mount(2) with nothing but a propagation flag takes no type. */
const onlyPropagation = (options: readonly string[]): boolean =>
  options.length > 0 && options.every((name) => mountOptions[name]?.kind === "propagation");

function mountRule(subject: Subject, mount: Mount, pointer: string): void {
  const options = mount.options ?? [];
  const kind = kindOf(options);
  if (kind === "bind" && !mount.source) fault(subject, "required", pointer, "a source for a bind mount");
  if (kind !== "new") return;
  if (mount.type === "bind") fault(subject, "conflict", `${pointer}/type`, "bind or rbind among the options");
  else if (!mount.type && !onlyPropagation(options))
    fault(subject, "required", pointer, "a type, or bind or rbind among the options");
}

export function mountRules(subject: Subject): void {
  const mounts = subject.config.mounts ?? [];
  for (let i = 0; i < mounts.length; i++) {
    const mount = mounts[i];
    if (!mount) continue;
    mountRule(subject, mount, `/mounts/${i}`);
    idmappedMountRule(subject, mount, `/mounts/${i}`);
  }
}
