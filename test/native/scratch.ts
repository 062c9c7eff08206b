// SPDX-License-Identifier: Apache-2.0

/** A folder of this test process for everything it makes, and names that no other process uses. */

import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweep } from "./leaks.ts";

export const scratch: string = mkdtempSync(join(tmpdir(), "runts-test-"));
// ordinary users of the tests must get through to what is made for them
chmodSync(scratch, 0o755);

/** In the name of every container, and thereby of every cgroup. */
export const mark = `rt${process.pid}-`;

/** In the environment of everything that the tests start. */
export const markVariable = `RUNTS_TEST=${scratch}`;

let count = 0;

/** A path that is not there yet. */
export function newPath(name: string): string {
  count++;
  return join(scratch, `${count}-${name}`);
}

export function newId(): string {
  count++;
  return `${mark}${count}`;
}

process.on("exit", () => {
  sweep();
  // removing through a mount that was left behind would empty what is mounted
  if (readFileSync("/proc/self/mountinfo", "utf8").includes(scratch)) return;
  rmSync(scratch, { recursive: true, force: true });
});
