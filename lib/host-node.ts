// SPDX-License-Identifier: Apache-2.0

/** The host inside Node.js, and the only file that imports from it. */

import { createRequire } from "node:module";
import type { Host } from "./host.ts";

/** What native/node/addon.cc exports. */
interface Addon extends Omit<Host, "name" | "args" | "version" | "uid" | "gid" | "env" | "began"> {
  readonly seccompVersion: string;
}

// From build/node/, where this file's bundle lies.
const addon: Addon = createRequire(import.meta.url)("../runts.node");

export const host: Host = {
  ...addon,
  name: "node",
  args: process.argv.slice(2),
  version: { engine: process.versions.node, seccomp: addon.seccompVersion },
  uid: process.geteuid?.() ?? 0,
  gid: process.getegid?.() ?? 0,
  env: (name) => process.env[name],
  began: () => addon.now() - Math.round(performance.now() * 1e6),
};
