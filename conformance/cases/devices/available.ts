// SPDX-License-Identifier: Apache-2.0

import { mkdirSync } from "node:fs";
import { type Case, type Cases, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { deviceNode, listedDevice, makeDeviceHere, verdict } from "../../instruments/device-nodes.ts";
import { cgroup, root } from "../../needs.ts";
import { open, stat } from "../../questions.ts";

const entry = { major: 60, minor: 1, fileMode: 0o666 };

/** "type major:minor" of what the path leads to. */
const found = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  path: string,
  device: Readonly<Record<string, unknown>>,
  expected: string,
): Case =>
  observe({
    clauses,
    needs: [root],
    change: { "/linux/devices/-": { path, ...device } },
    ask: { node: stat(path) },
    expect: ({ node }) => equal(path, node && `${node.type} ${node.major}:${node.minor}`, expected),
  });

const many = [
  deviceNode("c", 60, 1),
  deviceNode("c", 60, 2),
  deviceNode("b", 60, 1),
  deviceNode("b", 62, 255, "/somewhere"),
  deviceNode("c", 61, 3, "/dev/folder"),
];

export default {
  character: found(["devices.type"], "/dev/thing", { type: "c", ...entry }, "character 60:1"),
  unbuffered: found(["devices.type"], "/dev/thing", { type: "u", ...entry }, "character 60:1"),
  block: found(["devices.type"], "/dev/thing", { type: "b", ...entry }, "block 60:1"),
  fifo: found(["devices.type", "devices.numbers-required"], "/dev/thing", { type: "p" }, "fifo 0:0"),

  "large-numbers": found(
    ["devices.numbers"],
    "/dev/thing",
    { type: "c", major: 4095, minor: 1_048_575 },
    "character 4095:1048575",
  ),
  "number-zero": found(["devices.numbers"], "/dev/thing", { type: "b", major: 60, minor: 0 }, "block 60:0"),

  "in-folders": found(["devices.path"], "/dev/one/two/three", { type: "c", ...entry }, "character 60:1"),
  "outside-dev": found(["devices.outside-dev"], "/thing", { type: "c", ...entry }, "character 60:1"),
  "in-folders-outside-dev": found(
    ["devices.outside-dev", "devices.path"],
    "/some/where/thing",
    { type: "c", ...entry },
    "character 60:1",
  ),
  // What mounts lists is there first: a device is not hidden below it.
  "in-mount": observe({
    clauses: ["devices.outside-dev", "devices.available"],
    needs: [root],
    prepare: ({ rootfs }) => mkdirSync(`${rootfs}/mounted`),
    change: {
      "/mounts/-": { destination: "/mounted", type: "tmpfs", source: "tmpfs" },
      "/linux/devices/-": { path: "/mounted/thing", type: "c", ...entry },
    },
    ask: { node: stat("/mounted/thing") },
    expect: ({ node }) => equal("type of /mounted/thing", node?.type, "character"),
  }),

  several: observe({
    clauses: ["devices.available"],
    needs: [root],
    change: { "/linux/devices": many.map(listedDevice) },
    ask: Object.fromEntries(many.map((node) => [node.path, stat(node.path)])),
    expect: (seen) => {
      for (const { path, type, major, minor } of many) {
        const node = seen[path];
        const expected = `${type === "c" ? "character" : "block"} ${major}:${minor}`;
        equal(path, node && `${node.type} ${node.major}:${node.minor}`, expected);
      }
    },
  }),

  // Nothing in the config denies it: there are no resources.
  opened: observe({
    clauses: ["devices.available"],
    needs: [root, cgroup],
    change: { "/linux/devices/-": listedDevice(deviceNode("c", 60, 1)) },
    ask: { attempt: open("/dev/c-60-1", "rw") },
    expect: ({ attempt }) => equal("access to a listed device", verdict(attempt), "allowed"),
  }),

  "there-before": observe({
    clauses: ["devices.match"],
    needs: [root],
    prepare: (place) => makeDeviceHere(place, deviceNode("b", 60, 7, "")),
    change: { "/linux/devices/-": listedDevice(deviceNode("b", 60, 7, "")) },
    ask: { node: stat("/b-60-7") },
    expect: ({ node }) => equal("/b-60-7", node && `${node.type} ${node.major}:${node.minor}`, "block 60:7"),
  }),

  "unlisted-character": observe({
    clauses: ["devices.others"],
    needs: [root, cgroup],
    prepare: (place) => makeDeviceHere(place, deviceNode("c", 60, 9, "")),
    ask: { attempt: open("/c-60-9", "r") },
    expect: ({ attempt }) => equal("access to a node that the image brings", verdict(attempt), "denied"),
  }),
  "unlisted-block": observe({
    clauses: ["devices.others"],
    needs: [root, cgroup],
    prepare: (place) => makeDeviceHere(place, deviceNode("b", 60, 9, "")),
    change: { "/linux/devices/-": listedDevice(deviceNode("b", 60, 1)) },
    ask: { attempt: open("/b-60-9", "r") },
    expect: ({ attempt }) => equal("access to a node that the image brings", verdict(attempt), "denied"),
  }),
} satisfies Cases;
