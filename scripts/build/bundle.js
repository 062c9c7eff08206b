// SPDX-License-Identifier: Apache-2.0

// One brain, two bundles: neutral chunks that become bytecode, and modules for Node.js.

import * as esbuild from "esbuild";
import { build, inRoot, removeOthers, sha256, writeChanged } from "./files.js";

// yargs and what it uses, in a form that runs on both engines.
const replaced = {
  "yargs-parser": inRoot("node_modules/yargs-parser/browser.js"),
  yargs: inRoot("node_modules/yargs/browser.mjs"),
  "string-width": inRoot("cmd/string-width.ts"),
};

/** @type {esbuild.Plugin} */
export const portableYargs = {
  name: "portable yargs",
  setup(bundle) {
    bundle.onResolve({ filter: /platform-shims\/browser\.mjs$/ }, () => ({
      path: inRoot("cmd/yargs-platform.ts"),
    }));
    bundle.onResolve({ filter: /^(yargs|yargs-parser|string-width)$/ }, ({ path }) => ({
      path: replaced[/** @type {keyof typeof replaced} */ (path)],
    }));
  },
};

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: inRoot("."),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2023",
  charset: "utf8",
  mainFields: ["module", "main"],
  plugins: [portableYargs],
  write: false,
  logLevel: "warning",
  chunkNames: "[name]-[hash]",
};

/**
 * @param {string} folder
 * @param {esbuild.BuildOptions} options
 */
async function bundleInto(folder, options) {
  const { outputFiles = [] } = await esbuild.build({ ...common, ...options, outdir: folder });
  for (const { path, contents } of outputFiles) writeChanged(path, contents);
  return outputFiles.map(({ path, contents }) => ({ name: path.slice(folder.length + 1), contents }));
}

export async function bundleForQuickjs() {
  const folder = `${build}/bundle`;
  const chunks = await bundleInto(folder, {
    entryPoints: { main: inRoot("scripts/build/main-quickjs.js") },
    platform: "neutral",
    minify: true,
  });
  const lines = chunks.map(({ name, contents }) => `${name}\t${sha256(contents)}\n`);
  writeChanged(`${folder}/manifest`, lines.join(""));
  removeOthers(folder, new Set([...chunks.map(({ name }) => name), "manifest"]));
}

export async function bundleForNode() {
  const folder = `${build}/node`;
  const chunks = await bundleInto(folder, {
    entryPoints: {
      runts: inRoot("scripts/build/main-node.js"),
      index: inRoot("lib/node.ts"),
      host: inRoot("lib/host-node.ts"),
    },
    platform: "node",
  });
  removeOthers(folder, new Set(chunks.map(({ name }) => name)));
}
