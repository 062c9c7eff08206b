// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordingHost } from "../../../cmd/fixtures/host.ts";
import { encode } from "../../config/fixtures/host.ts";
import { RuntsError } from "../../errors.ts";
import { findDescriptors, inheritedDescriptors } from "./descriptors.ts";

const mountinfo = "31 1 0:20 / / rw - ext4 /dev/vda rw\n";

type Links = Readonly<Record<number, readonly [link: string, mount: number, inode: number, flags?: string]>>;

/** Processes by their pids, each with its descriptors. */
function hostWith(processes: Readonly<Record<number, Links>>) {
  const all = Object.entries(processes).flatMap(([pid, links]) =>
    Object.entries(links).map(([fd, facts]) => ({ pid, fd, facts })),
  );
  const files = Object.fromEntries(
    all.map(({ pid, fd, facts: [, mount, inode, flags = "02"] }) => [
      `/proc/${pid}/fdinfo/${fd}`,
      encode(`pos:\t0\nflags:\t${flags}\nmnt_id:\t${mount}\nino:\t${inode}\n`),
    ]),
  );
  const { host } = recordingHost([], { files });
  return {
    ...host,
    list: (path: string) => all.filter(({ pid }) => path === `/proc/${pid}/fd`).map(({ fd }) => fd),
    readLink(path: string): string {
      const found = all.find(({ pid, fd }) => path === `/proc/${pid}/fd/${fd}`);
      if (found) return found.facts[0];
      throw { syscall: "readlink", errno: 2, path };
    },
  };
}

const [reads, writes] = ["0100000", "0100001"];

test("pipes are known by their numbers, files of the host by mount and inode, others are the container's", () => {
  const host = hostWith({
    7: { 0: ["/dev/null", 255, 4], 1: ["pipe:[77]", 12, 77, writes], 2: ["/log", 31, 9] },
  });
  assert.equal(findDescriptors(host, [7], mountinfo), {
    text: '["file[ff:4]","pipe:[77]","/log"]',
    external: ["file[ff:4]"],
  });
});

test("terminals come back as such, and what is closed stays so", () => {
  const host = hostWith({
    7: { 0: ["/dev/pts/0", 31, 3], 1: ["/dev/pts/0", 31, 3] },
    8: { 1: ["pipe:[5]", 12, 5, writes], 2: ["pipe:[5]", 12, 5, reads] },
  });
  assert.equal(findDescriptors(host, [7, 8], mountinfo), {
    text: '["/dev/pts/0","/dev/pts/0",""]',
    external: [],
  });
});

test("a program that has put its output elsewhere may hold what it was given under another number", () => {
  const host = hostWith({
    7: {
      0: ["/in", 31, 8, reads],
      1: ["/log", 31, 9, writes],
      2: ["/log", 31, 9, writes],
      10: ["pipe:[77]", 12, 77, writes],
      11: ["/host/err", 255, 5, writes],
    },
  });
  assert.equal(findDescriptors(host, [7], mountinfo), {
    text: '["/in","pipe:[77]","file[ff:5]"]',
    external: ["file[ff:5]"],
  });
});

test("a pipe to a process of the container's is the container's own, and that process has the host's", () => {
  // exec > >(tee -a log)
  const host = hostWith({
    7: { 0: ["pipe:[9]", 12, 9, reads], 1: ["pipe:[9]", 12, 9, writes], 2: ["pipe:[3]", 12, 3, writes] },
    8: { 0: ["pipe:[9]", 12, 9, reads], 1: ["pipe:[2]", 12, 2, writes], 2: ["pipe:[3]", 12, 3, writes] },
  });
  assert.equal(findDescriptors(host, [7, 8], mountinfo), {
    text: '["","pipe:[2]","pipe:[3]"]',
    external: [],
  });
});

test("of two pipes of which nobody says which is which, the older one is standard output's", () => {
  // while read; do echo; done < fifo >&2 & exec 3>&1 > log 2> fifo
  const host = hostWith({
    7: {
      1: ["/log", 31, 9, writes],
      2: ["/fifo", 31, 8, writes],
      3: ["pipe:[50]", 12, 50, writes],
    },
    8: { 1: ["pipe:[51]", 12, 51, writes], 2: ["pipe:[51]", 12, 51, writes] },
  });
  assert.equal(findDescriptors(host, [7, 8], mountinfo), {
    text: '["","pipe:[50]","pipe:[51]"]',
    external: [],
  });
});

test("a terminal of the host's is refused", () => {
  const host = hostWith({ 7: {}, 8: { 4: ["/dev/pts/3", 255, 6] } });
  assert.throws(
    () => findDescriptors(host, [7, 8], mountinfo),
    (error: unknown) =>
      error instanceof RuntsError &&
      /process 8 .* descriptor 4 \(\/dev\/pts\/3\)/.test(error.facts.detail ?? ""),
  );
});

test("ours take the place of those that were the host's, also of those that runc wrote down", () => {
  const read = (text: string) =>
    inheritedDescriptors(recordingHost([], { files: { "/i/descriptors.json": encode(text) } }).host, "/i");
  assert.equal(read('["/dev/null","pipe:[77]","file[ff:4]"]'), [
    { key: "pipe:[77]", fd: 1 },
    { key: "file[ff:4]", fd: 2 },
  ]);
  assert.equal(read('["/dev/pts/0"]'), []);
  for (const text of ["", "{}"])
    assert.throws(
      () => read(text),
      (error: unknown) => error instanceof RuntsError,
    );
});

test("without them there are no images", () => {
  assert.throws(
    () => inheritedDescriptors(recordingHost([]).host, "/i"),
    (error: unknown) => error instanceof RuntsError && error.facts.file === "/i/descriptors.json",
  );
});

test.run();
