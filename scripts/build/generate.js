// SPDX-License-Identifier: Apache-2.0

// What schemas/ says, as code.

import { filesBelow, run, whenChanged } from "./files.js";
import { generatePage } from "./page.js";

export async function generate() {
  await Promise.all([
    whenChanged(
      "plan",
      ["schemas/plan.json", "scripts/generate-plan.js"],
      ["lib/plan/generated/steps.ts", "native/generated/ops.h", "native/generated/ops_shown.h"],
      async () => {
        await run(process.execPath, ["scripts/generate-plan.js"]);
      },
    ),
    whenChanged(
      "page",
      [
        ...filesBelow("lib/trace", /\/(page\/[^/]*|conversation)\.(ts|css)$/),
        ...filesBelow("lib/plan/shown", /\.ts$/),
        "scripts/build/page.js",
      ],
      ["lib/trace/generated/page.ts"],
      generatePage,
    ),
    whenChanged(
      "config",
      [
        ...filesBelow("schemas", /\/(config|state|features)\.json$/),
        ...filesBelow("scripts", /config[^/]*\.js$/),
      ],
      ["lib/config/generated/guards.js", "lib/config/generated/config.ts"],
      async () => {
        console.log("generating lib/config/generated");
        await run(process.execPath, ["scripts/generate-config.js"]);
      },
    ),
  ]);
}
