// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, Mismatch, Skip } from "../../expect.ts";
import { type DeviceNode, deviceNode, listedDevice, verdict } from "../../instruments/device-nodes.ts";
import { cgroup, hostCapability, root } from "../../needs.ts";
import { makeNode, type Outcome, open, type Question } from "../../questions.ts";
import { ending } from "../../stage/runtime.ts";
import type { Stage } from "../../stage/stage.ts";

/** Of resources.devices. */
interface Rule {
  readonly allow?: boolean;
  readonly type?: string;
  readonly major?: number;
  readonly minor?: number;
  readonly access?: string;
}

const denyAll: Rule = { allow: false, access: "rwm" };
const allowAll: Rule = { allow: true, access: "rwm" };

/** `m` makes another node with the numbers. */
type Access = "r" | "w" | "rw" | "m";
/** What is tried, as "c 60:1 rw", and how it must end. */
type Expected = Readonly<Record<string, "allowed" | "denied">>;

function parse(attempt: string): { readonly node: DeviceNode; readonly access: Access } {
  const [, type, major, minor, access] = /^([cb]) (\d+):(\d+) (r|w|rw|m)$/.exec(attempt) ?? [];
  if (
    (type !== "c" && type !== "b") ||
    (access !== "r" && access !== "w" && access !== "rw" && access !== "m")
  ) {
    throw new Error(`not an attempt: ${attempt}`);
  }
  return { node: deviceNode(type, Number(major), Number(minor)), access };
}

function question(attempt: string): Question<Outcome> {
  const { node, access } = parse(attempt);
  if (access !== "m") return open(node.path, access);
  return makeNode(`/dev/made-${node.type}-${node.major}-${node.minor}`, node.type, node.major, node.minor);
}

const withMknod = Object.fromEntries(
  ["bounding", "effective", "permitted"].map((set) => [`/process/capabilities/${set}/-`, "CAP_MKNOD"]),
);

const mayRaiseLimits = hostCapability("CAP_SYS_RESOURCE", 24);

/** crun 1.8 raises a limit for its filter, which kernels since 5.11 do not need; not every machine lets it. */
async function createHere({ container, host }: Stage): Promise<void> {
  const result = await container.tryCreate();
  const missing = result.err.includes("MEMLOCK") ? mayRaiseLimits(host) : undefined;
  if (missing !== undefined) throw new Skip(`${missing}, and the runtime wants it: ${result.err.trim()}`);
  if (result.code !== 0) throw new Mismatch("create", "success", ending(result));
}

/** The nodes are there beforehand, and root may use them: what is denied, the list has denied. */
const decided = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  rules: readonly Rule[],
  expected: Expected,
): Case =>
  act({
    clauses,
    needs: [root, cgroup, hostCapability("CAP_MKNOD", 27)],
    change: {
      ...withMknod,
      "/linux/resources/devices": rules,
      "/linux/devices": Object.values(
        Object.fromEntries(
          Object.keys(expected).map((attempt) => [
            parse(attempt).node.path,
            listedDevice(parse(attempt).node),
          ]),
        ),
      ),
    },
    run: async (stage) => {
      const asked = Object.fromEntries(Object.keys(expected).map((attempt) => [attempt, question(attempt)]));
      stage.ask(asked);
      await createHere(stage);
      await stage.container.start();
      await stage.container.ended();
      const answers = Object.entries(await stage.answers(asked));
      const verdicts = answers.map(([attempt, outcome]) => [attempt, verdict(outcome)] as const);
      equal("access to devices", Object.fromEntries(verdicts), expected);
    },
  });

const order = {
  "deny-then-allow": decided(
    ["cgroups.devices-order", "cgroups.devices-allow"],
    [denyAll, { allow: true, type: "c", major: 60, minor: 1, access: "rw" }],
    { "c 60:1 rw": "allowed", "c 60:2 r": "denied", "b 60:1 r": "denied" },
  ),
  "allow-then-deny": decided(
    ["cgroups.devices-order"],
    [{ allow: true, type: "c", major: 60, minor: 1, access: "rw" }, denyAll],
    { "c 60:1 r": "denied", "c 60:1 w": "denied", "c 60:2 r": "denied" },
  ),
  "deny-then-allow-all": decided(
    ["cgroups.devices-order", "cgroups.devices-allow"],
    [{ allow: false, type: "c", major: 60, minor: 1, access: "rwm" }, allowAll],
    { "c 60:1 rw": "allowed", "b 61:2 rw": "allowed" },
  ),
  "exception-of-exception": decided(
    ["cgroups.devices-order"],
    [
      denyAll,
      { allow: true, type: "c", major: 60, access: "rw" },
      { allow: false, type: "c", major: 60, minor: 2, access: "rw" },
      { allow: true, type: "c", major: 60, minor: 2, access: "r" },
    ],
    { "c 60:1 rw": "allowed", "c 60:2 r": "allowed", "c 60:2 w": "denied", "c 60:3 rw": "allowed" },
  ),
};

const allow = {
  "all-allowed": decided(["cgroups.devices-allow"], [{ ...allowAll, type: "a" }], {
    "c 60:1 rw": "allowed",
    "b 60:1 rw": "allowed",
    "c 61:1 m": "allowed",
  }),
  "all-denied": decided(["cgroups.devices-allow"], [{ ...denyAll, type: "a" }], {
    "c 60:1 r": "denied",
    "b 60:1 w": "denied",
  }),
  "one-denied": decided(
    ["cgroups.devices-allow"],
    [allowAll, { allow: false, type: "c", major: 60, minor: 1, access: "rwm" }],
    { "c 60:1 r": "denied", "c 60:2 rw": "allowed", "b 60:1 rw": "allowed", "c 61:1 rw": "allowed" },
  ),
};

const types = {
  "type-character": decided(
    ["cgroups.devices-type"],
    [denyAll, { allow: true, type: "c", major: 60, minor: 1, access: "rw" }],
    { "c 60:1 rw": "allowed", "b 60:1 r": "denied" },
  ),
  "type-block": decided(
    ["cgroups.devices-type"],
    [denyAll, { allow: true, type: "b", major: 60, minor: 1, access: "rw" }],
    { "c 60:1 r": "denied", "b 60:1 rw": "allowed" },
  ),
  "type-all": decided(["cgroups.devices-type"], [denyAll, { ...allowAll, type: "a" }], {
    "c 60:1 rw": "allowed",
    "b 60:1 rw": "allowed",
  }),
  "type-all-with-numbers": decided(
    ["cgroups.devices-type", "cgroups.devices-numbers"],
    [denyAll, { allow: true, type: "a", major: 60, minor: 1, access: "rw" }],
    { "c 60:1 rw": "allowed", "b 60:1 rw": "allowed", "c 60:2 r": "denied", "b 61:1 r": "denied" },
  ),
  "type-unset": decided(["cgroups.devices-type-unset"], [denyAll, allowAll], {
    "c 60:1 rw": "allowed",
    "b 60:1 rw": "allowed",
  }),
  "type-unset-with-numbers": decided(
    ["cgroups.devices-type-unset", "cgroups.devices-numbers"],
    [denyAll, { allow: true, major: 60, minor: 1, access: "rw" }],
    { "c 60:1 rw": "allowed", "b 60:1 rw": "allowed", "c 60:2 r": "denied", "b 61:1 r": "denied" },
  ),
};

const numbers = {
  "both-numbers": decided(
    ["cgroups.devices-numbers"],
    [denyAll, { allow: true, type: "c", major: 60, minor: 300, access: "rw" }],
    // 300 and 44 are the same in one byte.
    { "c 60:300 rw": "allowed", "c 60:44 r": "denied", "c 61:300 r": "denied" },
  ),
  "number-zero": decided(
    ["cgroups.devices-numbers"],
    [denyAll, { allow: true, type: "b", major: 60, minor: 0, access: "rw" }],
    { "b 60:0 rw": "allowed", "b 60:1 r": "denied" },
  ),
  "only-major": decided(
    ["cgroups.devices-numbers-unset"],
    [denyAll, { allow: true, type: "c", major: 60, access: "rw" }],
    { "c 60:1 rw": "allowed", "c 60:1000 rw": "allowed", "c 61:1 r": "denied" },
  ),
  "only-minor": decided(
    ["cgroups.devices-numbers-unset"],
    [denyAll, { allow: true, type: "c", minor: 1, access: "rw" }],
    { "c 60:1 rw": "allowed", "c 61:1 rw": "allowed", "c 60:2 r": "denied" },
  ),
  "no-number": decided(
    ["cgroups.devices-numbers-unset"],
    [denyAll, { allow: true, type: "b", access: "rw" }],
    { "b 60:1 rw": "allowed", "b 61:2 rw": "allowed", "c 60:1 r": "denied" },
  ),
};

const granting = (access: string): readonly Rule[] => [
  denyAll,
  { allow: true, type: "c", major: 60, minor: 1, access },
];

const access = {
  "access-r": decided(["cgroups.devices-access"], granting("r"), {
    "c 60:1 r": "allowed",
    "c 60:1 w": "denied",
    "c 60:1 rw": "denied",
  }),
  "access-w": decided(["cgroups.devices-access"], granting("w"), {
    "c 60:1 r": "denied",
    "c 60:1 w": "allowed",
    "c 60:1 rw": "denied",
  }),
  "access-rw": decided(["cgroups.devices-access"], granting("rw"), {
    "c 60:1 r": "allowed",
    "c 60:1 w": "allowed",
    "c 60:1 rw": "allowed",
  }),
  "access-in-other-order": decided(["cgroups.devices-access"], granting("mwr"), {
    "c 60:1 rw": "allowed",
    "c 60:1 m": "allowed",
  }),
  "access-m": decided(["cgroups.devices-access"], granting("m"), {
    "c 60:1 m": "allowed",
    "c 60:1 r": "denied",
    "c 60:1 w": "denied",
  }),
  "access-without-m": decided(["cgroups.devices-access"], granting("rw"), {
    "c 60:1 rw": "allowed",
    "c 60:1 m": "denied",
    "c 60:2 m": "denied",
    "b 60:1 m": "denied",
  }),
  "access-by-two-rules": decided(
    ["cgroups.devices-access"],
    [
      denyAll,
      { allow: true, type: "c", major: 60, access: "r" },
      { allow: true, type: "c", major: 60, minor: 1, access: "w" },
    ],
    { "c 60:1 r": "allowed", "c 60:1 w": "allowed", "c 60:1 rw": "allowed", "c 60:2 rw": "denied" },
  ),
  "access-only-m-denied": decided(
    ["cgroups.devices-access"],
    [allowAll, { allow: false, type: "c", major: 60, minor: 1, access: "m" }],
    { "c 60:1 rw": "allowed", "c 60:1 m": "denied", "c 60:2 m": "allowed" },
  ),
  "access-only-w-denied": decided(["cgroups.devices-access"], [allowAll, { allow: false, access: "w" }], {
    "c 60:1 r": "allowed",
    "c 60:1 w": "denied",
    "b 60:1 r": "allowed",
    "b 60:1 rw": "denied",
  }),
};

const invalid = (rule: Rule): Case =>
  refuse({
    clauses: ["cgroups.devices-valid"],
    needs: [root, cgroup],
    change: { "/linux/resources/devices": [rule] },
  });

export default {
  ...order,
  ...allow,
  ...types,
  ...numbers,
  ...access,
  "invalid-type": invalid({ allow: true, type: "x", access: "rw" }),
  // A pipe is a type of linux.devices, but no device.
  "invalid-type-p": invalid({ allow: true, type: "p", access: "rw" }),
  "invalid-access": invalid({ allow: true, type: "c", access: "rx" }),
  "invalid-access-upper-case": invalid({ allow: true, type: "c", access: "RW" }),
  "without-allow": invalid({ type: "c", access: "rw" }),
} satisfies Cases;
