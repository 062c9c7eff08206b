// SPDX-License-Identifier: Apache-2.0

// npm run diagnose [PATTERN]: lets every broken bundle fail, prints what is told of each, and the share of right answers.

import { existsSync } from "node:fs";
import { expectNoLeaks, snapshot } from "../native/leaks.ts";
import { attempt, wrongs } from "./attempt.ts";
import { families } from "./bundles/index.ts";
import { lacking } from "./needs.ts";

const pattern = new RegExp(process.argv[2] ?? "");
const before = snapshot();
const [right, wrong] = process.stdout.isTTY
  ? ["\x1b[32mright\x1b[0m", "\x1b[31mwrong\x1b[0m"]
  : ["right", "wrong"];
let count = 0;
let good = 0;
let skipped = 0;

if (!existsSync("/proc/self")) throw new Error("needs procfs");
for (const [family, bundles] of Object.entries(families))
  for (const broken of bundles.filter(({ what }) => pattern.test(`${family}: ${what}`))) {
    const reason = lacking(broken.needs);
    if (reason !== undefined) {
      skipped++;
      console.log(`skipped  ${family}: ${broken.what} (${reason})`);
      continue;
    }
    count++;
    const told = attempt(broken);
    const missing = wrongs(broken, told);
    if (missing.length === 0) good++;
    console.log(`${missing.length === 0 ? right : wrong}    ${family}: ${broken.what}`);
    console.log(
      told.all
        .replace(/^ {4}at .*\n/gm, "")
        .replace(/^/gm, "         ")
        .trimEnd(),
    );
    for (const text of missing) console.log(`         ${wrong}: ${text}`);
  }

expectNoLeaks(before);
const share = count === 0 ? 0 : Math.floor((100 * good) / count);
console.log(`${good} of ${count} right (${share} %), ${skipped} skipped`);
process.exitCode = good === count && count > 0 ? 0 : 1;
