// SPDX-License-Identifier: Apache-2.0

// What mounts take over from the image, and what can be so only once the container is whole.

import { chmodSync, mkdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, ownRootfs } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";

const before = snapshot();
const runtime = new Runtime();

const print =
  (script: string, change: Change): Change =>
  (config, bundle) => {
    change(config, bundle);
    config.process.args = ["sh", "-c", script];
  };

test("a tmpfs has the mode of the folder it covers, unless it is given one", () => {
  const { out } = runtime.run(
    print("stat -c %a /closed /open /given /made", (config, bundle) => {
      const rootfs = ownRootfs(bundle);
      config.root.path = rootfs;
      for (const [name, mode] of [
        ["closed", 0o710],
        ["open", 0o1755],
        ["given", 0o755],
      ] as const) {
        mkdirSync(`${rootfs}/${name}`);
        chmodSync(`${rootfs}/${name}`, mode);
      }
      const tmpfs = (destination: string, ...options: string[]) =>
        config.mounts.push({ destination, type: "tmpfs", source: "tmpfs", options });
      for (const destination of ["/closed", "/open", "/made"]) tmpfs(destination);
      tmpfs("/given", "mode=1500");
    }),
  );
  assert.is(out, "710\n1755\n1500\n1777\n");
});

test("a read-only /dev has its devices and what is mounted below it all the same", () => {
  const { out } = runtime.run(
    print(
      "test -c /dev/null && test -e /dev/pts/ptmx && echo whole; touch /dev/new 2>/dev/null || echo closed",
      ({ mounts }) => {
        for (const mount of mounts)
          if (mount.destination === "/dev") mount.options = ["nosuid", "strictatime", "mode=755", "ro"];
      },
    ),
  );
  assert.is(out, "whole\nclosed\n");
});

test("what is masked twice is covered once", () => {
  const { out } = runtime.run(
    print("grep -c ' /tmp ' /proc/self/mountinfo", ({ linux }) => {
      linux.maskedPaths = ["/tmp", "/etc/passwd", "/tmp"];
    }),
  );
  assert.is(out, "1\n");
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
