// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Edits, edited } from "../../config/fixtures/edit.ts";
import { isConfig } from "../../config/generated/guards.js";
import { toJson } from "../../json.ts";
import { createPlan } from "../create.ts";
import type { Facts } from "../facts.ts";
import { factsOf } from "../fixtures/facts.ts";
import type { Step } from "../step.ts";
import { argumentsText } from "./arguments.ts";
import { differenceText } from "./difference.ts";
import { planJson } from "./json.ts";
import { checkShownPlan, isShownPlan, type ShownPlan, shownPlan } from "./shown.ts";
import { planText } from "./text.ts";

const digest = (text: string) => `${text.length}`.padStart(64, "d");

function shown(edits: Edits = {}, more: Partial<Facts> = {}): ShownPlan {
  const config = edited(edits);
  if (!isConfig(config)) throw new Error("breaks the schema");
  const facts = factsOf(config, { consoleSocket: "/console", ...more });
  return shownPlan(createPlan(facts), { id: "c", bundle: facts.bundle, missing: [] }, digest);
}

/** One step as a plan of its own. */
function lineOf(step: Step): string {
  const plan = { runtime: [], stage: [], init: [step] };
  const [made] = shownPlan(plan, { id: "c", bundle: "/b", missing: [] }, digest).processes.init;
  return made === undefined ? "" : argumentsText(made);
}

test("a short plan is shown whole", () => {
  const plan = {
    runtime: [
      { op: "cloneInit", from: "/linux/namespaces", flags: 0x20020000, intoCgroup: 1 },
      { op: "wait", from: "", of: "init", event: "prepared" },
      { op: "signal", from: "", to: "init", event: "recorded" },
    ],
    stage: [],
    init: [
      { op: "sethostname", from: "/hostname", name: "box" },
      { op: "signal", from: "", to: "runtime", event: "prepared" },
      { op: "wait", from: "", of: "runtime", event: "recorded" },
    ],
  } as const;
  const missing = [{ pointer: "/linux/resources/pids/limit", detail: "no controller" }];
  assert.is(
    planText(shownPlan(plan, { id: "c", bundle: "/b", missing }, digest)),
    `plan of "c", bundle /b

not possible here:
  /linux/resources/pids/limit: no controller

runtime: the process that is called
   1  cloneInit  /linux/namespaces  flags=pid+mount intoCgroup=1
   2  wait                          <- prepared (init 2)
   3  signal                        -> recorded (init 3)

init: becomes the container's program
   1  sethostname  /hostname  name=box
   2  signal                  -> prepared (runtime 2)
   3  wait                    <- recorded (runtime 3)
`,
  );
});

test("numbers are shown in the words of config.json, and long values cut", () => {
  assert.is(
    lineOf({ op: "setRlimit", from: "", resource: 7, soft: 0, hard: 1 }),
    "resource=RLIMIT_NOFILE soft=0 hard=1",
  );
  assert.is(lineOf({ op: "dropBoundingSet", from: "", keep: 0x21n }), "keep=CAP_CHOWN+CAP_KILL");
  assert.is(lineOf({ op: "dropBoundingSet", from: "", keep: 1n << 62n }), "keep=0x4000000000000000");
  assert.is(lineOf({ op: "setAmbientSet", from: "", set: 0n }), "set=none");
  assert.is(lineOf({ op: "umask", from: "", mask: 0o22 }), "mask=022");
  assert.is(lineOf({ op: "sethostname", from: "", name: "a b\n" }), 'name="a b\\n"');
  const long = lineOf({ op: "sethostname", from: "", name: "a".repeat(100) });
  assert.is(long, `name=${"a".repeat(71)}…`);
  const program = {
    op: "loadSeccomp",
    from: "",
    flags: 0,
    program: new Uint8Array(800),
    listener: 0,
  } as const;
  assert.is(lineOf(program), "program=800 bytes (dddddddddddddddd)");
});

test("every wait and signal of a whole plan names the step that it meets", () => {
  for (const edits of [{}, { "/hooks": { prestart: [{ path: "/h" }] } }]) {
    const talk = planText(shown(edits))
      .split("\n")
      .filter((row) => /(<-|->) /.test(row));
    assert.ok(talk.length > 5);
    for (const row of talk) assert.match(row, /(<-|->) \w+ \((runtime|stage|init) \d+\)$/);
  }
});

test("nothing of a plan tells when it was made, or the text of config.json", () => {
  const record = (created: string) =>
    JSON.stringify({ version: 1, id: "c", created, annotations: { a: "b" } });
  const made = (created: string, byte: number) =>
    planJson(shown({}, { record: record(created), configBytes: Uint8Array.of(byte) }));
  assert.is(made("2020", 1), made("2021", 2));
  assert.match(made("2020", 1), '"record":{"annotations":{"a":"b"}}');
});

test("as JSON each step takes a line, integers are exact, and it can be read back", () => {
  const plan = shown({ "/process/rlimits": [{ type: "RLIMIT_CORE", soft: 0, hard: 18446744073709551615n }] });
  const text = planJson(plan);
  assert.match(text, /^ {6}\{"op":"sethostname","from":"\/hostname","name":"runts"\},$/m);
  assert.match(text, '"hard":18446744073709551615');
  assert.ok(isShownPlan(JSON.parse(text)));
  assert.is(differenceText(checkShownPlan(toJson(plan), "x"), plan), "");
});

test("what is no plan is refused by name", () => {
  for (const value of [null, {}, { ...shown(), version: 2 }, { ...shown(), processes: { init: [] } }])
    assert.throws(() => checkShownPlan(toJson(value), "x.json"), /usage/);
});

test("a difference shows what is done otherwise, not where a bundle lies or an index has moved", () => {
  assert.is(differenceText(shown(), shown({}, { bundle: "/elsewhere" })), "");
  const tmpfs = { destination: "/t", type: "tmpfs" };
  const text = differenceText(shown(), shown({ "/hostname": "other", "/mounts/-": tmpfs }));
  const changed = text.split("\n").filter((row) => /^[-+] [a-z]/.test(row));
  assert.equal(changed, [
    "+ mountFilesystem type=tmpfs destination=/t inheritMode=1 (/mounts/7)",
    "- sethostname name=runts (/hostname)",
    "+ sethostname name=other (/hostname)",
  ]);
  assert.match(text, /^- \/bundle\n\+ \/bundle\n@ init\n/);
});

test("a path that only begins like the bundle is not the bundle's", () => {
  const bind = (source: string) => ({ "/mounts": [{ destination: "/d", source, options: ["bind"] }] });
  assert.not.match(differenceText(shown(bind("/bundle2/x")), shown(bind("/y"))), "BUNDLE2");
  assert.match(differenceText(shown(bind("/bundle/x")), shown(bind("/y"))), "source=BUNDLE/x");
});

test.run();
