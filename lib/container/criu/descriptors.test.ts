// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordingHost } from "../../../cmd/fixtures/host.ts";
import { encode } from "../../config/fixtures/host.ts";
import { RuntsError } from "../../errors.ts";
import { findDescriptors, inheritedDescriptors } from "./descriptors.ts";

const mountinfo = "31 1 0:20 / / rw - ext4 /dev/vda rw\n";

function hostWith(links: Readonly<Record<string, readonly [link: string, mount: number, inode: number]>>) {
  const files = Object.fromEntries(
    Object.entries(links).map(([fd, [, mount, inode]]) => [
      `/proc/7/fdinfo/${fd}`,
      encode(`pos:\t0\nflags:\t02\nmnt_id:\t${mount}\nino:\t${inode}\n`),
    ]),
  );
  const { host } = recordingHost([], { files });
  return {
    ...host,
    readLink(path: string): string {
      const found = links[path.slice("/proc/7/fd/".length)];
      if (found) return found[0];
      throw { syscall: "readlink", errno: 2, path };
    },
  };
}

test("pipes are known by their numbers, files of the host by mount and inode, others are the container's", () => {
  const host = hostWith({ 0: ["/dev/null", 255, 4], 1: ["pipe:[77]", 12, 77], 2: ["/log", 31, 9] });
  assert.equal(findDescriptors(host, 7, mountinfo), {
    text: '["file[ff:4]","pipe:[77]","/log"]',
    external: ["file[ff:4]"],
  });
});

test("terminals come back as such, and what is closed stays so", () => {
  const host = hostWith({ 0: ["/dev/pts/0", 99, 3], 1: ["/dev/pts/0", 99, 3] });
  assert.equal(findDescriptors(host, 7, mountinfo), { text: '["/dev/pts/0","/dev/pts/0",""]', external: [] });
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
