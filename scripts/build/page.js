// SPDX-License-Identifier: Apache-2.0

// The page of a trace, without its data: what comes before it and what comes after it, as two strings. Nothing but its
// own script and style may run in it, which it says by their digests.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import * as esbuild from "esbuild";
import { inRoot } from "./files.js";

const folder = "lib/trace/page";

/** @param {string} entry */
async function bundled(entry) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: inRoot("."),
    entryPoints: [inRoot(`${folder}/${entry}`)],
    ...{ bundle: true, minify: true, format: "iife", target: "es2022", charset: "ascii", write: false },
  });
  const text = outputFiles[0]?.text.trim() ?? "";
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${entry} would end its own element`);
  return text;
}

/** @param {string} text */
const hashOf = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/**
 * @param {string} script
 * @param {string} style
 */
function startOf(script, style) {
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>runts trace</title>
<style>${style}</style>
</head>
<body>
<noscript>The timeline is drawn by a script. What it draws is JSON in the source of this page.</noscript>
<script type="application/json" id="trace">`;
}

/** @param {string} script */
const endOf = (script) => `</script>\n<script>${script}</script>\n</body>\n</html>\n`;

export async function generatePage() {
  const [script, style] = await Promise.all([bundled("main.ts"), bundled("page.css")]);
  const lines = [
    "// SPDX-License-Identifier: Apache-2.0",
    `// Generated from ${folder}: do not edit.`,
    `export const pageStart: string = ${JSON.stringify(startOf(script, style))};`,
    `export const pageEnd: string = ${JSON.stringify(endOf(script))};`,
  ];
  mkdirSync(inRoot("lib/trace/generated"), { recursive: true });
  writeFileSync(inRoot("lib/trace/generated/page.ts"), `${lines.join("\n")}\n`);
}
