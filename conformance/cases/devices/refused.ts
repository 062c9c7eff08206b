// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type Case, type Cases, type Change, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { deviceNode, makeDeviceHere } from "../../instruments/device-nodes.ts";
import { withUserNamespace } from "../../instruments/namespaces.ts";
import { perform } from "../../instruments/sources.ts";
import { root } from "../../needs.ts";
import type { Place } from "../../stage/place.ts";

const wanted = { path: "/c-60-1", type: "c", major: 60, minor: 1, fileMode: 0o666 };

const invalid = (clause: ClauseId, change: Readonly<Record<string, unknown>>): Case =>
  refuse({
    clauses: [clause],
    needs: [root],
    change: {
      "/linux/devices/-": Object.fromEntries(
        Object.entries({ ...wanted, path: "/dev/thing", ...change }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
    },
  });

/** Something else is at the path of the device that is wanted. */
const mismatch = (
  prepare: (place: Place) => void,
  device: Readonly<Record<string, unknown>> = wanted,
  more: Change = {},
): Case =>
  refuse({
    clauses: ["devices.mismatch"],
    needs: [root],
    prepare,
    change: { ...more, "/linux/devices/-": device },
  });

const empty = ({ rootfs }: Place) => writeFileSync(`${rootfs}${wanted.path}`, "");

const linkToFile = ({ rootfs }: Place) => {
  writeFileSync(`${rootfs}/file`, "");
  symlinkSync("file", `${rootfs}${wanted.path}`);
};

export default {
  "unknown-type": invalid("devices.type-valid", { type: "x" }),
  "upper-case-type": invalid("devices.type-valid", { type: "C" }),
  "no-type": invalid("devices.type-valid", { type: undefined }),
  "no-path": invalid("devices.path-required", { path: undefined }),
  "no-major": invalid("devices.numbers-required", { major: undefined }),
  "no-minor": invalid("devices.numbers-required", { minor: undefined }),

  "other-minor": mismatch((place) => makeDeviceHere(place, { ...deviceNode("c", 60, 2), path: wanted.path })),
  "other-major": mismatch((place) => makeDeviceHere(place, { ...deviceNode("c", 61, 1), path: wanted.path })),
  "block-for-character": mismatch((place) =>
    makeDeviceHere(place, { ...deviceNode("b", 60, 1), path: wanted.path }),
  ),
  "character-for-fifo": mismatch((place) => makeDeviceHere(place, deviceNode("c", 60, 1, "")), {
    path: wanted.path,
    type: "p",
  }),
  "fifo-for-character": mismatch(({ rootfs }) => perform("mkfifo", `${rootfs}${wanted.path}`)),
  file: mismatch(empty),
  folder: mismatch(({ rootfs }) => mkdirSync(`${rootfs}${wanted.path}`)),
  "link-to-file": mismatch(linkToFile),
  // There nodes are not made, but bound.
  "file-in-user-namespace": mismatch(empty, wanted, withUserNamespace),
  "link-to-file-in-user-namespace": mismatch(linkToFile, wanted, withUserNamespace),
} satisfies Cases;
