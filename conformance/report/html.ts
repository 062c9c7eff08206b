// SPDX-License-Identifier: Apache-2.0

/** One page that needs nothing but itself: runs of the suite side by side. */

import { createHash } from "node:crypto";
import type { RunResult } from "../suite/result.ts";
import { compare } from "./comparison.ts";
import { Markup, markup } from "./markup.ts";
import { pageLook } from "./page.css.ts";
import { pageScript } from "./page.script.ts";
import { clausesLook } from "./page-clauses.css.ts";
import { pageClauses } from "./page-clauses.ts";
import { pageFilters } from "./page-filters.ts";
import { pageHead } from "./page-head.ts";
import { drawings } from "./page-marks.ts";
import { pageMatrix } from "./page-matrix.ts";
import { pageTimes } from "./page-times.ts";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What runtimes wrote is in the page: besides being escaped, it could neither run, look, load nor send anything. */
const policy = (style: string) =>
  `default-src 'none'; style-src ${hash(style)}; script-src ${hash(pageScript)}; base-uri 'none'; form-action 'none'`;

/** `leftOut` says of files that they are not compared, and why. */
export function html(runs: readonly RunResult[], leftOut: readonly string[] = []): string {
  const comparison = compare(runs);
  const names = comparison.columns.map(({ label }) => label).join(", ");
  const style = pageLook(runs.length) + clausesLook(runs.length);
  const notes = leftOut.map((line) => markup`<br>Not compared: ${line}`);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${names}: conformance to the OCI runtime-spec</title>
<style>${new Markup(style)}</style>
</head>
<body>
${drawings}
${pageHead(comparison)}
${pageMatrix(comparison)}
<section id="clauses">
<h2>Clauses</h2>
${pageFilters(comparison)}
${pageClauses(comparison)}
</section>
${pageTimes(comparison)}
<footer>Made by runts-conformance. The outcome of a clause is that of its worst case; it is
skipped only where all of its cases are. An expected failure is one that was named, with its reason, before the run.${notes}</footer>
<script>${new Markup(pageScript)}</script>
</body>
</html>
`.text;
}
