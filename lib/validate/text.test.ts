// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { inspectText } from "./fixtures/inspected.ts";
import { findingsText } from "./text.ts";

const show = (text: string, colour = false) => findingsText(inspectText(text), "b/config.json", { colour });

test("a finding shows its line, what is marked, what is allowed and how to mend it", () => {
  assert.is(
    show(`{
  "ociVersion": "1.3.0",
\t"root": { "path": "rootfs", "readOnly": true },
  "process": { "args": ["/sh"] }
}`),
    `b/config.json:3:30: warning: "readOnly" is not known here, and ignored [misspelt-name]
  3 |  "root": { "path": "rootfs", "readOnly": true },
    |                              ^~~~~~~~~~
    at      /root/readOnly
    mend    write "readonly" if that was meant
    spec    config.md#extensibility

b/config.json:4:14: error: missing "cwd" [required]
  4 |   "process": { "args": ["/sh"] }
    |              ^~~~~~~~~~~~~~~~~~~
    at      /process
    allowed an absolute path
    mend    add "cwd": "/"
    spec    config.md#process

b/config.json: not valid: 1 error, 1 warning
`,
  );
});

test("a document without faults takes one line", () => {
  const right = '{ "ociVersion": "1.3.0", "root": { "path": "rootfs" } }';
  assert.is(show(right), "b/config.json: valid\n");
  const odd = right.replace("1.3.0", "1.8.0");
  assert.match(show(odd), /\nb\/config.json: valid, 1 warning\n$/);
  assert.is(show('{"ociVersionMin":"1.0.0","ociVersionMax":"1.3.0"}'), "b/config.json: valid as features\n");
});

test("of a config in one line a part is shown, with the mark below the right place", () => {
  const vendor = `"x": "${"é".repeat(300)}"`;
  const shown = show(`{${vendor},"ociVersion":"1.3.0","root":{"path":7},${vendor}}`).split("\n");
  assert.is(
    shown[1],
    `  1 | …${"é".repeat(12)}","ociVersion":"1.3.0","root":{"path":7},"x": "${"é".repeat(42)}…`,
  );
  assert.is(shown[2]?.indexOf("^"), shown[1]?.indexOf("7}"));
});

test("nothing in a document steers the terminal", () => {
  const shown = show('{ "ociVersion": "\u009b31m\u202e", "root": { "path": "a" } }\n\u001b[2J');
  assert.not.match(shown, /[\u001b\u009b\u202e]/);
});

test("colour is there when it is asked for, and changes no letter", () => {
  const text = '{ "root": 1 }';
  const coloured = show(text, true);
  assert.match(coloured, "\u001b[1;31merror:\u001b[0m");
  assert.is(coloured.replace(/\u001b\[[\d;]*m/g, ""), show(text));
});

test.run();
