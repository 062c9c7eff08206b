// SPDX-License-Identifier: Apache-2.0

// Declarations of the library, for those who import it from TypeScript.

import { build, filesBelow, inRoot, run, whenChanged, writeChanged } from "./files.js";

export function emitTypes() {
  return whenChanged(
    "types",
    [...filesBelow("lib", /\.ts$/), "tsconfig.json", "tsconfig.node.json"],
    ["build/node/types/lib/node.d.ts"],
    async () => {
      const project = {
        extends: "../tsconfig.node.json",
        compilerOptions: {
          ...{ noEmit: false, emitDeclarationOnly: true, declaration: true },
          ...{ rootDir: "..", outDir: "node/types" },
        },
        include: ["../lib/node.ts"],
      };
      writeChanged(`${build}/tsconfig.types.json`, JSON.stringify(project));
      await run(inRoot("node_modules/.bin/tsc"), ["-p", `${build}/tsconfig.types.json`]);
    },
  );
}
