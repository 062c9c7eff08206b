// SPDX-License-Identifier: Apache-2.0

// Device rules as the kernel enforces them: every kind of node is opened under many lists, and the answers are
// held against the plain model of the spec; config-linux.md#allowed-device-list.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceRule } from "../../lib/config/types.ts";
import { model } from "../../lib/plan/fixtures/device-model.ts";
import { ruleLists } from "../../lib/plan/fixtures/device-rules.ts";
import {
  type Answers,
  answering,
  answersOf,
  ask,
  devicePrograms,
  probing,
  resourcesFile,
} from "./device-probe.ts";
import { cgroupMount, expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { mark } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

const denyAll: DeviceRule = { allow: false, access: "rwm" };
const bits: Readonly<Record<string, number>> = { r: 2, w: 4, rw: 6 };

/** The same questions to the model. */
function expected(rules: readonly DeviceRule[], answers: Answers): Answers {
  return Object.fromEntries(
    Object.keys(answers).map((what) => {
      const [type, major, minor, access = ""] = what.split(" ");
      const request = {
        type: type === "b" ? ("b" as const) : ("c" as const),
        major: Number(major),
        minor: Number(minor),
        access: bits[access] ?? 0,
      };
      return [what, model(rules, request) ? "allowed" : "denied"];
    }),
  );
}

function hold(rules: readonly DeviceRule[], answers: Answers, about = ""): void {
  assert.is(Object.keys(answers).length, 36, about);
  assert.equal(answers, expected(rules, answers), `${about} ${JSON.stringify(rules)}`);
}

/** What a container with these rules may open. */
function inside(rules: readonly DeviceRule[]): Answers {
  const { status, out, err } = runtime.run(probing("probe", rules));
  assert.equal({ status, err }, { status: 0, err: "" }, out);
  return answersOf(out);
}

const lists: Readonly<Record<string, readonly DeviceRule[]>> = {
  "all denied, then some allowed": [
    denyAll,
    { allow: true, type: "c", major: 60, minor: 1, access: "rwm" },
    { allow: true, type: "b", major: 61, access: "r" },
  ],
  "some allowed, then all denied": [{ allow: true, type: "c", major: 60, access: "rwm" }, denyAll],
  "a hole in a wildcard": [
    denyAll,
    { allow: true, type: "c", major: 60, minor: -1, access: "rw" },
    { allow: false, type: "c", major: 60, minor: 2, access: "rw" },
    { allow: true, type: "c", major: 60, minor: 2, access: "r" },
  ],
  "reading and writing allowed by two rules": [
    denyAll,
    { allow: true, type: "c", major: 60, access: "r" },
    { allow: true, minor: 1, access: "w" },
  ],
  "type a with numbers": [denyAll, { allow: true, type: "a", major: 60, minor: 1, access: "rw" }],
  "only a minor number": [
    { allow: true, access: "rwm" },
    { allow: false, minor: 1, access: "w" },
  ],
  "no fields but allow": [{ allow: true }],
  nothing: [],
};

for (const [name, rules] of Object.entries(lists))
  test(`the kernel decides as the spec says: ${name}`, () => hold(rules, inside(rules), name));

test("the kernel decides as the spec says of any list", () => {
  fc.assert(
    fc.property(ruleLists, (rules) => hold(rules, inside(rules))),
    { numRuns: 20 },
  );
});

/** The same number of different devices, of every access. */
const many = (count: number, access: string): readonly DeviceRule[] => [
  denyAll,
  ...Array.from(
    { length: count },
    (_, i): DeviceRule => ({ allow: i % 3 > 0, type: i % 2 ? "c" : "b", major: 200, minor: i, access }),
  ),
];

test("thousands of rules are loaded, the first and the last count", () => {
  for (const [access, count] of [
    ["rwm", 10_000],
    ["r", 5000],
  ] as const) {
    const rules = [
      ...many(0, ""),
      { allow: true, type: "c", major: 60, minor: 1, access } as const,
      ...many(count, access).slice(1),
      { allow: true, type: "c", major: 60, minor: 2, access } as const,
    ];
    hold(rules, inside(rules));
  }
});

test("more rules than the kernel takes are refused with the reason, and nothing is left", () => {
  const err = runtime.refuses((config) => {
    config.linux.resources = { devices: many(20000, "r").map((rule) => ({ ...rule })) };
  });
  assert.match(err, /BPF_PROG_LOAD of \d+ instructions, too many device rules.*\/linux\/resources\/devices/);
});

/** A running container that answers, while `use` runs. */
function running(
  rules: readonly DeviceRule[] | undefined,
  use: (id: string, talk: string, change: (devices: unknown) => void) => void,
): void {
  const id = runtime.create(probing(answering, rules));
  runtime.ok("start", id);
  const { annotations } = runtime.state(id);
  const talk = String((annotations as { readonly talk: string }).talk);
  use(id, talk, (devices) => runtime.ok("update", "--resources", resourcesFile({ devices }), id));
  runtime.ok("delete", "--force", id);
}

test("update replaces the rules, again and again, and without a list they stay", () => {
  const [first = [], second = []] = Object.values(lists);
  running(first, (id, talk, change) => {
    hold(first, ask(talk));
    for (const rules of [second, lists["a hole in a wildcard"] ?? [], [], first]) {
      change(rules);
      hold(rules, ask(talk));
      assert.equal(devicePrograms(id, "list"), ["runts_devices"]);
    }
    runtime.ok("update", "-r", resourcesFile({ unified: { "cgroup.max.depth": "7" } }), id);
    hold(first, ask(talk));
    assert.equal(devicePrograms(id, "list"), ["runts_devices"]);
  });
});

test("resources come through a pipe, a socket or a file, and faults are named with their place", () => {
  const [first = [], second = []] = Object.values(lists);
  running(first, (id, talk) => {
    const text = JSON.stringify({ devices: second });
    // what Node.js calls a pipe is a socket
    const [program = "", ...words] = [
      ...runtime.host.command,
      "--root",
      runtime.root,
      "update",
      "-r",
      "-",
      id,
    ];
    const { status, stderr } = spawnSync(program, words, { input: text, timeout: 10_000 });
    assert.equal([status, String(stderr)], [0, ""]);
    hold(second, ask(talk));
    const piped = { through: ["sh", "-c", `printf '%s' '{"devices": [{]}' | "$@"`, "sh"] };
    const { err } = runtime.call(["update", "--resources", "-", id], piped);
    assert.match(err, /standard input:1:\d+: .*expected/);
    hold(second, ask(talk));
  });
});

test("there is no moment without rules while they are replaced", () => {
  const rules = many(30, "rw");
  const loop =
    "while [ ! -e /talk/stop ]; do read x < c-60-0; done 2>> /talk/errors; echo done > /talk/answer";
  const id = runtime.create(probing(loop, rules));
  runtime.ok("start", id);
  const { annotations } = runtime.state(id);
  const talk = String((annotations as { readonly talk: string }).talk);
  const [one, other] = [rules, [...rules, { ...denyAll, type: "c" }]].map((devices) =>
    resourcesFile({ devices }),
  );
  for (let i = 0; i < 30; i++) runtime.ok("update", "-r", (i % 2 ? one : other) ?? "", id);
  writeFileSync(`${talk}/stop`, "");
  assert.is(readFileSync(`${talk}/answer`, "utf8"), "done\n");
  const lines = readFileSync(`${talk}/errors`, "utf8").trim().split("\n");
  assert.ok(lines.length > 100, `${lines.length} attempts`);
  assert.equal(
    lines.filter((line) => !line.includes("not permitted")),
    [],
  );
  runtime.ok("delete", "--force", id);
});

test("somebody else's program on the cgroup is left alone", () => {
  const [first = [], second = []] = Object.values(lists);
  running(first, (id, talk, change) => {
    devicePrograms(id, "beside");
    change(second);
    hold(second, ask(talk));
    assert.equal([...devicePrograms(id, "list")].sort(), ["foreign", "runts_devices"]);
  });
});

test("rules that someone else has replaced stay when engines send the old ones again, and cannot be changed", () => {
  const [first = [], second = []] = Object.values(lists);
  running(first, (id, _talk, change) => {
    devicePrograms(id, "instead");
    change(first);
    assert.equal(devicePrograms(id, "list"), ["foreign"]);
    const file = resourcesFile({ devices: second, unified: { "cgroup.max.depth": "7" } });
    const err = runtime.fails("update", "--resources", file, id);
    assert.match(err, /something else has put its own in their place/);
    assert.equal(devicePrograms(id, "list"), ["foreign"]);
    assert.is(readFileSync(`${cgroupMount}/runts-${id}/cgroup.max.depth`, "utf8"), "max\n");
  });
});

test("rules that the kernel refuses leave the old ones and all limits as they were", () => {
  const [first = []] = Object.values(lists);
  running(first, (id, talk) => {
    const file = resourcesFile({ devices: many(20000, "r"), unified: { "cgroup.max.depth": "7" } });
    assert.match(runtime.fails("update", "--resources", file, id), /too many device rules/);
    hold(first, ask(talk));
    assert.is(readFileSync(`${cgroupMount}/runts-${id}/cgroup.max.depth`, "utf8"), "max\n");
    const bad = resourcesFile({ devices: [{ allow: true, access: "x" }] });
    assert.match(runtime.fails("update", "--resources", bad, id), /\/devices\/0\/access/);
    hold(first, ask(talk));
  });
});

test("updates at the same time follow each other whole, and a delete ends them", async () => {
  const id = runtime.create(probing(answering, []));
  runtime.ok("start", id);
  const { annotations } = runtime.state(id);
  const talk = String((annotations as { readonly talk: string }).talk);
  const both = Object.values(lists)
    .slice(0, 2)
    .map((devices, i) => ({ devices, unified: { "cgroup.max.depth": `${i + 1}` } }));
  const files = both.map(resourcesFile);
  const launch = (i: number) => runtime.launch(["update", "-r", files[i % 2] ?? "", id]);
  for (const { ended } of [0, 1, 2, 3, 4, 5].map(launch))
    assert.equal(await ended, { status: 0, signal: null, out: "", err: "" });
  const depth = readFileSync(`${cgroupMount}/runts-${id}/cgroup.max.depth`, "utf8");
  hold(both[Number(depth) - 1]?.devices ?? [], ask(talk), depth);
  assert.equal(devicePrograms(id, "list"), ["runts_devices"]);
  const last = [0, 1, 2].map(launch);
  const removed = runtime.launch(["delete", "--force", id]);
  assert.is((await removed.ended).status, 0);
  for (const { ended } of last) {
    const { status, err } = await ended;
    assert.ok(status === 0 || /does not exist|not running/.test(err), err);
  }
});

test("in a cgroup that was there before, the rules are this container's, not the last one's", () => {
  const path = `${cgroupMount}/${mark}kept`;
  mkdirSync(path);
  const allowed: readonly DeviceRule[] = [{ allow: true }];
  for (const rules of [[denyAll], allowed]) {
    const { status, out, err } = runtime.run((config, bundle) => {
      probing("probe", rules)(config, bundle);
      config.linux.cgroupsPath = `/${mark}kept`;
    });
    assert.equal({ status, err }, { status: 0, err: "" });
    hold(rules, answersOf(out));
  }
  rmdirSync(path);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
