// SPDX-License-Identifier: Apache-2.0
// Bundles a test file with all that it imports into build/.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { portableYargs } from "../build/bundle.js";
import { root } from "./files.js";

const wrapper = fileURLToPath(new URL("uvu.js", import.meta.url));

const wrappedUvu = {
  name: "wrapped-uvu",
  setup({ onResolve }) {
    onResolve({ filter: /^uvu$/ }, ({ importer }) => (importer === wrapper ? undefined : { path: wrapper }));
  },
};

const kinds = {
  // Neutral: an import of anything of Node's fails here. A plain script, because QuickJS runs the same file.
  unit: { platform: "neutral", format: "iife", mainFields: ["module", "main"] },
  // Tests of the executable start processes and read files: Node's modules stay imports.
  node: { platform: "node", format: "esm" },
};

/** Bundles the test `file` (relative to the root) as "unit" or "node"; returns the path, or throws with the reason. */
export async function bundleTest(file, kind) {
  const outfile = join(root, "build/test", file.replace(/\.ts$/, kind === "unit" ? ".js" : ".mjs"));
  await build({
    ...kinds[kind],
    stdin: {
      contents: `import "./${file}";\nimport { expectAllRun } from "uvu";\nexpectAllRun();\n`,
      resolveDir: root,
      sourcefile: `${file}.entry.js`,
    },
    bundle: true,
    outfile,
    target: "es2023",
    plugins: [wrappedUvu, portableYargs],
    sourcemap: "inline",
    logLevel: "silent",
  });
  return outfile;
}
