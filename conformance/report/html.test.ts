// SPDX-License-Identifier: Apache-2.0

import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { html } from "./html.ts";
import { hostile, passing, sample } from "./sample.ts";

const page = html([sample, passing("runts", `0.1 ${hostile}`)], [`bad.json: ${hostile}`]);
const count = (text: string) => page.split(text).length - 1;

test("nothing that a runtime wrote becomes markup", () => {
  assert.is(count("<img"), 0);
  assert.is(count("</script>"), 1);
  assert.is(count("\x1b"), 0);
  assert.is(count("\0"), 0);
  assert.ok(count("&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;") >= 3);
});

test("names and ids cannot leave their attributes", () => {
  const name = `a/b/" onclick="x`;
  const bad = html([
    {
      ...sample,
      runtime: { ...sample.runtime, name },
      clauses: [{ id: name, level: "must", text: "t", section: `x" y="`, chapter: name }],
      results: [{ name, clauses: [name], outcome: "pass", milliseconds: 1 }],
    },
  ]);
  assert.is(bad.includes(`" onclick`), false);
  assert.is(bad.includes(`" y=`), false);
  assert.match(bad, `id="a/b/&quot; onclick=&quot;x"`);
  assert.match(bad, `href="#a%2Fb%2F%22%20onclick%3D%22x"`);
});

test("the page allows its own script and style and nothing else", () => {
  const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)?.[1];
  const hashOf = (element: string) => {
    const text = page.match(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`))?.[1] ?? "";
    return createHash("sha256").update(text).digest("base64");
  };
  assert.is(
    policy?.replaceAll("&#39;", "'"),
    `default-src 'none'; style-src 'sha256-${hashOf("style")}'; script-src 'sha256-${hashOf("script")}'; ` +
      "base-uri 'none'; form-action 'none'",
  );
  assert.is(count(" style="), 0);
});

test("it asks nobody for anything: whatever has an address is a link", () => {
  assert.is(count("@import") + count(" src=") - count("img src="), 0);
  assert.is(count("http://"), 0);
  assert.is(
    count("https://"),
    count('<a class="section" href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/'),
  );
  assert.match(page, 'href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#mounts"');
});

test("a case is there once, and a mention of it leads there", () => {
  assert.is(count('id="mounts/data/size"'), 1);
  assert.is(count("process 12 /probe pause"), 1);
  // its row, the note at the clause that it judges besides, and the slowest cases
  assert.is(count("<code>mounts/data/size</code>"), 3);
  assert.is(count('href="#mounts%2Fdata%2Fsize"'), 2);
});

test("a clause says what filters look for", () => {
  assert.match(
    page,
    '<details class="clause differs" id="mounts.order" data-level="must" data-marks="fail pass">',
  );
  assert.match(
    page,
    '<details class="clause differs" id="hooks.prestart" data-level="must" data-marks="expected pass">',
  );
  assert.match(page, '<div class="clause" id="mounts.hidden" data-level="must" data-marks="untestable">');
  assert.match(page, '<div class="clause" id="hooks.warn" data-level="may" data-marks="untested">');
});

test("totals of a level are of its clauses that could be tested", () => {
  assert.match(
    page,
    '<dt>must</dt><dd><svg class="bar" role="img" aria-label="must: 1 failed, 1 expected to fail">',
  );
  assert.match(page, '<span class="figures"><b>0</b> of 2</span>');
  assert.match(page, '<span class="figures"><b>2</b> of 2</span>');
  assert.match(page, "4 cases: 1 passed, 1 failed, 1 expected to fail, 1 skipped");
});

test("the script is a script", () => {
  const script = page.match(/<script>([\s\S]*)<\/script>/)?.[1] ?? "";
  assert.ok(script.length > 1000);
  assert.not.throws(() => new Function(script));
});

test.run();
