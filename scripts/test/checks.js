// SPDX-License-Identifier: Apache-2.0
// Checks of the source itself: types, lint, format, sizes. Each counts as one test.

import { execute, inParallel } from "./execute.js";
import { findFiles, root } from "./files.js";
import { parseExitCode } from "./parse.js";

const bin = `${root}/node_modules/.bin`;

function staticChecks() {
  const types = findFiles(["."], /^tsconfig[^/]*\.json$/).map((project) => ({
    name: `types (${project})`,
    command: [`${bin}/tsc`, "-p", project],
  }));
  const sources = findFiles(["native", "conformance"], /\.[ch]$/).filter(
    (path) => !path.includes("/generated/"),
  );
  const format = { name: "clang-format", command: ["clang-format", "--dry-run", "-Werror", ...sources] };
  return [
    ...types,
    { name: "biome", command: [`${bin}/biome`, "check", "--error-on-warnings", "."] },
    ...(sources.length > 0 ? [format] : []),
    { name: "sizes", command: [process.execPath, "scripts/sizes.js"] },
  ];
}

export async function runStaticChecks(report, wanted) {
  const checks = staticChecks().filter(({ name }) => wanted(name));
  await inParallel(checks, 2, async ({ name, command: [file, ...args] }) => {
    const result = await execute(file, args, { seconds: 300 });
    report.add("static", name, { ...result, ...parseExitCode(result) });
  });
}
