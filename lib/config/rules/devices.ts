// SPDX-License-Identifier: Apache-2.0

import { fault, type Subject } from "./subject.ts";

/** A path that names one place without the help of the file system. */
const isPlain = (path: string): boolean => {
  const parts = path.split("/");
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i];
    if (part === "" || part === "." || part === "..") return false;
  }
  return true;
};

export function deviceRules(subject: Subject): void {
  const devices = subject.linux.devices ?? [];
  const seen = new Set<string>();
  for (let i = 0; i < devices.length; i++) {
    const path = devices[i]?.path ?? "";
    if (!isPlain(path))
      fault(subject, "format", `/linux/devices/${i}/path`, "a path without empty, . and .. parts");
    if (seen.has(path)) fault(subject, "conflict", `/linux/devices/${i}/path`, "each path once");
    seen.add(path);
  }
}
