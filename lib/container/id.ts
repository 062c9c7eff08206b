// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";

/** NAME_MAX: the id names a folder. */
const longest = 255;

/** Letters, digits, "_", "+", "-" and "." as in runc; not at the front a dot, which is for the runtime's own. */
export function checkId(id: string): void {
  if (id.length <= longest && /^[A-Za-z0-9_+-][A-Za-z0-9_+.-]*$/.test(id)) return;
  throw new RuntsError("bad-id", { id });
}
