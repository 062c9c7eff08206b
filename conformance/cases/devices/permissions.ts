// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, type Change, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { withUserNamespace } from "../../instruments/namespaces.ts";
import { root } from "../../needs.ts";
import { stat } from "../../questions.ts";

const path = "/dev/thing";
// A device of the kernel, which a runtime could bind where it may not make nodes.
const device = { path, type: "c", major: 1, minor: 3 };

const octal = (mode: number | undefined) => mode?.toString(8);

const mode = (fileMode: number, change: Change = {}): Case =>
  observe({
    clauses: ["devices.file-mode"],
    needs: [root],
    change: { ...change, "/linux/devices/-": { ...device, fileMode } },
    ask: { node: stat(path) },
    expect: ({ node }) => equal(`mode of ${path}`, octal(node?.mode), octal(fileMode)),
  });

/** The runtime inherits it from the suite. */
const underUmask = (fileMode: number, mask: number): Case =>
  act({
    clauses: ["devices.file-mode"],
    needs: [root],
    change: { "/linux/devices/-": { ...device, fileMode } },
    run: async (stage) => {
      const before = process.umask(mask);
      try {
        const { node } = await stage.observe({ node: stat(path) });
        equal(`mode of ${path}`, octal(node?.mode), octal(fileMode));
      } finally {
        process.umask(before);
      }
    },
  });

const owner = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  entry: { readonly uid?: number; readonly gid?: number },
  change: Change = {},
): Case =>
  observe({
    clauses,
    needs: [root],
    change: { ...change, "/linux/devices/-": { ...device, fileMode: 0o600, ...entry } },
    ask: { node: stat(path) },
    expect: ({ node }) => {
      if (entry.uid !== undefined) equal(`owner of ${path}`, node?.uid, entry.uid);
      if (entry.gid !== undefined) equal(`group of ${path}`, node?.gid, entry.gid);
    },
  });

export default {
  "mode-666": mode(0o666),
  "mode-640": mode(0o640),
  "mode-0": mode(0),
  "mode-of-fifo": observe({
    clauses: ["devices.file-mode"],
    needs: [root],
    change: { "/linux/devices/-": { path, type: "p", fileMode: 0o622 } },
    ask: { node: stat(path) },
    expect: ({ node }) => equal(`mode of ${path}`, octal(node?.mode), "622"),
  }),
  "mode-under-umask": underUmask(0o666, 0o077),
  "mode-in-user-namespace": mode(0o640, withUserNamespace),

  uid: owner(["devices.uid"], { uid: 1234 }),
  gid: owner(["devices.gid"], { gid: 4321 }),
  both: owner(["devices.uid", "devices.gid"], { uid: 1234, gid: 4321 }),
  "both-in-user-namespace": owner(["devices.uid", "devices.gid"], { uid: 12, gid: 34 }, withUserNamespace),
} satisfies Cases;
