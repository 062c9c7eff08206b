// SPDX-License-Identifier: Apache-2.0

// The conformance suite: the list of its cases, and one file for Node.js beside its two programs.

import { chmodSync, readFileSync } from "node:fs";
import * as esbuild from "esbuild";
import { portableYargs } from "./bundle.js";
import { build, filesBelow, inRoot, writeChanged } from "./files.js";

const folder = "conformance/cases";
// What a family of cases shares lies beside them and exports no cases.
const hasCases = (path) => /^export default /m.test(readFileSync(inRoot(path), "utf8"));

/** conformance/generated/cases.ts: every file of cases by its name. */
export function listCases() {
  const paths = filesBelow(folder, /(?<!\.test)\.ts$/).filter(hasCases);
  const imports = paths.map(
    (path, at) => `import file${at} from "../${path.replace("conformance/", "")}";\n`,
  );
  const entries = paths.map(
    (path, at) => `  ${JSON.stringify(path.slice(folder.length + 1, -3))}: file${at},\n`,
  );
  writeChanged(
    inRoot("conformance/generated/cases.ts"),
    `// Written by scripts/build/conformance.js\n${imports.join("")}\nexport const files = {\n${entries.join("")}};\n`,
  );
}

// The suite, and what tries it: wrong runtimes, and the count of those that it notices.
const entryPoints = [
  { in: inRoot("conformance/suite/main.ts"), out: "runts-conformance" },
  { in: inRoot("conformance/mutants/wrapper.ts"), out: "mutant" },
  { in: inRoot("conformance/mutants/score.ts"), out: "mutants" },
];

export async function bundleConformance() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: inRoot("."),
    entryPoints,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    charset: "utf8",
    mainFields: ["module", "main"],
    banner: { js: "#!/usr/bin/env node" },
    plugins: [portableYargs],
    write: false,
    outdir: `${build}/conformance`,
    logLevel: "warning",
  });
  for (const { path, contents } of outputFiles) {
    writeChanged(path, contents);
    chmodSync(path, 0o755);
  }
}
