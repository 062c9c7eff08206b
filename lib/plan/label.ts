// SPDX-License-Identifier: Apache-2.0

import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

/** Opened before init loses sight of the host's procfs, with the credentials that the write is made with. */
export function openLabel({ config: { process } }: Facts): readonly Step[] {
  const { apparmorProfile, selinuxLabel } = process ?? {};
  if (apparmorProfile)
    return [
      {
        op: "openLabel",
        from: "/process/apparmorProfile",
        // the first since Linux 5.8; before, one module had the second for itself
        files: ["attr/apparmor/exec", "attr/exec"],
      },
    ];
  if (selinuxLabel) return [{ op: "openLabel", from: "/process/selinuxLabel", files: ["attr/exec"] }];
  return [];
}

/** What the program is executed under; the modules exclude each other, and the host has the one asked for. */
export function setLabel({ config: { process }, apparmorConfined }: Facts): readonly Step[] {
  const { apparmorProfile, selinuxLabel, noNewPrivileges } = process ?? {};
  if (apparmorProfile)
    return [
      {
        op: "setApparmorProfile",
        from: "/process/apparmorProfile",
        profile: apparmorProfile,
        // no_new_privs keeps a profile from being exchanged for another, but not from being made narrower
        stack: noNewPrivileges && apparmorConfined ? 1 : 0,
      },
    ];
  if (selinuxLabel) return [{ op: "setSelinuxLabel", from: "/process/selinuxLabel", label: selinuxLabel }];
  return [];
}

/** Or the program would have no access to its own session keyring. */
export function setKeyLabel({ config: { process } }: Facts): readonly Step[] {
  const label = process?.selinuxLabel;
  return label ? [{ op: "setKeyLabel", from: "/process/selinuxLabel", label }] : [];
}
