// SPDX-License-Identifier: Apache-2.0

// What schemas/ says, and the commit, as code.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { filesBelow, inRoot, run, whenChanged, writeChanged } from "./files.js";
import { generatePage } from "./page.js";

/** The commit, with -dirty when files differ from it; undefined for a copy of the files without git. */
function commit() {
  // Asked of our own folder only: a copy may lie inside another repository.
  if (!existsSync(inRoot(".git"))) return undefined;
  const args = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  const { status, stdout } = spawnSync("git", args, { cwd: inRoot("."), encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The same commit makes the same file, so a build stays reproducible. */
function writeCommit() {
  const value = JSON.stringify(commit()) ?? "undefined";
  const head = "// SPDX-License-Identifier: Apache-2.0\n// Made by scripts/build/generate.js.\n";
  writeChanged(
    inRoot("cmd/generated/commit.ts"),
    `${head}\nexport const commit: string | undefined = ${value};\n`,
  );
}

export async function generate() {
  writeCommit();
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
