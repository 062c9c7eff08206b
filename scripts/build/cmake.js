// SPDX-License-Identifier: Apache-2.0

// The C side: cmake-js configures, because it knows where Node-API's headers are; CMake builds.

import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { build, inRoot, run } from "./files.js";

const tree = `${build}/cmake`;

// A configuration that failed leaves a cache but nothing to build with; one by CMake alone has no addon.
function isConfigured() {
  const cache = `${tree}/CMakeCache.txt`;
  const rules = ["build.ninja", "Makefile"].some((name) => existsSync(`${tree}/${name}`));
  return rules && existsSync(cache) && readFileSync(cache, "utf8").includes("CMAKE_JS_INC");
}

/** @param {readonly string[]} targets */
export async function compileNative(targets) {
  if (targets.length === 0) return;
  if (!isConfigured()) {
    console.log("compiling: the engine takes half a minute, once");
    await run(process.execPath, [inRoot("node_modules/cmake-js/bin/cmake-js"), "configure", "--out", tree]);
  }
  await run("cmake", ["--build", tree, "--parallel", String(availableParallelism()), "--target", ...targets]);
}
