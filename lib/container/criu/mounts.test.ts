// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordingHost } from "../../../cmd/fixtures/host.ts";
import type { Config, Mount } from "../../config/types.ts";
import { externalMounts, mountpoints, mountSources } from "./mounts.ts";

const bind = (destination: string, source: string): Mount => ({ destination, source, options: ["bind"] });
const configOf = (mounts: readonly Mount[], maskedPaths: readonly string[] = []): Config => ({
  ociVersion: "1.3.0",
  root: { path: "rootfs" },
  mounts,
  linux: { maskedPaths },
});

const info = (...mounts: readonly (readonly [path: string, root?: string])[]): string =>
  mounts
    .map(
      ([path, root = "/"], i) => `${i + 10} 1 0:${i + 20} ${root} ${path} rw,relatime - ext4 /dev/vda rw\n`,
    )
    .join("");

test("bind mounts are the host's, and are found by their place in config.json", () => {
  const config = configOf([
    { destination: "/tmp", type: "tmpfs" },
    bind("/data/", "data"),
    bind("/a b", "/host"),
  ]);
  const mountinfo = info(["/"], ["/tmp"], ["/data"], ["/a\\040b"]);
  assert.equal(externalMounts(config, "/bundle", mountinfo), ["mnt[/data]:/data", "mnt[/a b]:/a b"]);
  assert.equal(mountSources(config, "/bundle"), [
    "mnt[/data]:/bundle/data",
    "mnt[/a b]:/host",
    "mnt[/dev/null]:/dev/null",
  ]);
});

test("one whose destination is a symlink is found where the symlink leads", () => {
  const config = configOf([bind("/var/run/x", "/host/x"), bind("/run/y", "/host/y")]);
  assert.equal(externalMounts(config, "/bundle", info(["/"], ["/run/x"], ["/run/y"])), [
    "mnt[/run/y]:/run/y",
    "mnt[/run/x]:/var/run/x",
  ]);
});

test("a bind mount that the container has unmounted is not asked for", () => {
  assert.equal(externalMounts(configOf([bind("/data", "/d")]), "/bundle", info(["/"])), []);
});

test("a masked file is the host's null device, a masked folder the container's own", () => {
  const config = configOf([], ["/proc/kcore", "/proc/acpi", "/proc/gone"]);
  const mountinfo = info(["/"], ["/proc"], ["/proc/kcore", "/null"], ["/proc/acpi"]);
  assert.equal(externalMounts(config, "/bundle", mountinfo), ["mnt[/proc/kcore]:/dev/null"]);
});

test("mountpoints are made in the rootfs alone, for a file as a file", () => {
  const { host } = recordingHost([], {
    files: { "/host/hosts": new Uint8Array(), "/host/dir/x": new Uint8Array() },
  });
  const config = configOf([
    { destination: "/dev", type: "tmpfs" },
    { destination: "/dev/pts", type: "devpts" },
    bind("/etc/hosts", "/host/hosts"),
    bind("/dir", "/host/dir"),
    bind("/dir/below", "/host/dir"),
  ]);
  assert.equal(mountpoints(host, config, "/bundle"), {
    directories: ["/dev", "/dir"],
    files: ["/etc/hosts"],
  });
});

test.run();
