// SPDX-License-Identifier: Apache-2.0

// The page that --trace=FILE.html writes, in a browser; and the file for Perfetto.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { combine, makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();
const hostile = '</script><img src=x onerror="document.title=1">';

const browser = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

/** What a browser makes of a page. */
function drawn(file: string): string {
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--window-size=1200,800",
    "--virtual-time-budget=1000",
  ];
  const profile = `--user-data-dir=${newPath("profile")}`;
  const { stdout, status, stderr } = spawnSync(
    browser ?? "",
    [...flags, profile, "--dump-dom", `file://${file}`],
    {
      ...{ encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 26 },
    },
  );
  assert.is(status, 0, stderr);
  return stdout;
}

/** A create that fails at a mount whose option is hostile. */
function failingPage(): string {
  const file = `${newPath("trace")}.html`;
  const bundle = makeBundle(
    combine(shell("true"), (config) => {
      config.mounts.push({ destination: "/x", type: "tmpfs", source: "tmpfs", options: [`size=${hostile}`] });
    }),
  );
  assert.is(runtime.call(["create", `--trace=${file}`, "--bundle", bundle, newId()]).status, 1);
  return file;
}

test("a page is one whole document, written anew each time", () => {
  const [file, bundle] = [`${newPath("trace")}.html`, makeBundle(shell("true"))];
  for (const _ of [1, 2]) runtime.ok("run", `--trace=${file}`, "--bundle", bundle, newId());
  const page = readFileSync(file, "utf8");
  assert.is(page.match(/<html/g)?.length, 1);
  assert.ok(page.startsWith("<!doctype html>") && page.endsWith("</html>\n"));
});

test("the file for Perfetto is one JSON document, whatever --trace-format and the file's name", () => {
  const file = newPath("trace");
  runtime.ok("run", `--trace=${file}`, "--trace-format=json", "--bundle", makeBundle(shell("true")), newId());
  const { traceEvents } = JSON.parse(readFileSync(file, "utf8"));
  const phases = new Set(["X", "B", "M", "s", "f"]);
  for (const event of traceEvents) {
    assert.ok(phases.has(event.ph) && event.pid === 1 && Number.isInteger(event.tid), JSON.stringify(event));
    if (event.ph !== "M") assert.type(event.ts, "number");
    if (event.ph === "X") assert.ok(event.dur >= 0);
  }
  const arrows = traceEvents
    .filter(({ ph }: { ph: string }) => ph === "s")
    .map(({ name }: { name: string }) => name);
  for (const said of ["prepared", "recorded", "start", "executed"]) assert.ok(arrows.includes(said), said);
});

if (browser === undefined) {
  test.skip("in a browser a page draws its steps # there is no Chromium in PATH", () => {});
} else {
  test("in a browser a page draws its steps, and the failing one is chosen and told of", () => {
    const dom = drawn(failingPage());
    assert.match(dom, /<title>runts create [^<]*: trace<\/title>/);
    for (const lane of ["command", "runtime", "init"])
      assert.match(dom, `<div class="">${lane}</div>`.replace(' class=""', ""));
    assert.ok((dom.match(/class="bar /g)?.length ?? 0) > 20);
    assert.is(dom.match(/class="bar [a-z]+ failed[^"]*chosen/g)?.length, 1);
    assert.is(dom.match(/aria-selected="true"/g)?.length, 1);
    assert.match(dom, /<h2[^>]*>mountFilesystem \/x<\/h2>/);
    assert.match(dom, /<td class="is-not-reached">not reached<\/td>/);
    // the origin in config.json, and what is hostile in it as text
    assert.match(dom, /<pre[^>]*>\{\s+"destination": "\/x"/);
    assert.match(dom, "size=&lt;/script&gt;&lt;img src=x onerror=");
    assert.not.match(dom, "<img");
  });
}

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
