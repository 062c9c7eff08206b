// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { adviceOf, findingsOf } from "../fixtures/inspected.ts";

const tmpfs = (destination: string, ...options: string[]): Json => ({ destination, type: "tmpfs", options });

test("names like a known one are told, in lists and maps too; others are ignored as the spec wants", () => {
  assert.equal(adviceOf({ "/root/readOnly": true }), []); // readonly is there already
  assert.equal(adviceOf({ "/process/enviroment": [] }), []);
  assert.equal(adviceOf({ "/process/noNewPrivilege": true, "/process/noNewPrivileges": undefined }), [
    "misspelt-name /process/noNewPrivilege",
  ]);
  assert.equal(adviceOf({ "/mounts/0/option": [] }), ["misspelt-name /mounts/0/option"]);
  assert.equal(
    adviceOf({ "/windows": {}, "/vm": {}, "/x-vendor": {}, "/annotations": { hostnam: "x" } }),
    [],
  );
});

test("a name in the wrong object is told where it belongs", () => {
  const findings = findingsOf({ "/linux/capabilities": {}, "/seccomp": {}, "/linux/hostname": "x" });
  assert.equal(findings.map(({ pointer, mend }) => `${pointer}: ${mend}`).sort(), [
    "/linux/capabilities: put it in /process",
    "/linux/hostname: put it in the outermost object",
    "/seccomp: put it in /linux",
  ]);
});

test("a later mount over a folder hides what is mounted below it", () => {
  const mounts = (...list: Json[]) => adviceOf({ "/mounts": list });
  assert.equal(mounts(tmpfs("/dev/shm"), tmpfs("/dev")), ["hidden-mount /mounts/0/destination"]);
  assert.equal(mounts(tmpfs("/data/"), tmpfs("/data")), ["hidden-mount /mounts/0/destination"]);
  assert.equal(mounts(tmpfs("/dev"), tmpfs("/dev/shm"), tmpfs("/device")), []);
  assert.equal(
    mounts(tmpfs("/a"), { destination: "/a", options: ["remount", "bind", "ro"], source: "/a" }),
    [],
  );
  assert.equal(mounts(tmpfs("/a/b"), { destination: "/a", options: ["rshared"] }), []);
});

test("a mount under a masked path is seen by nobody", () => {
  assert.equal(adviceOf({ "/linux/maskedPaths": ["/opt"], "/mounts": [tmpfs("/opt/x")] }), [
    "masked-mount /mounts/0/destination",
  ]);
  assert.equal(adviceOf({ "/linux/maskedPaths": ["/opt/x"], "/mounts": [tmpfs("/opt")] }), []);
});

test("file systems that show a namespace need one of the container's own", () => {
  const proc = { destination: "/proc", type: "proc" };
  const sysfs = { destination: "/sys", type: "sysfs" };
  const mount = { type: "mount" };
  const advice = (namespaces: Json, mounts: Json) =>
    adviceOf({ "/linux/namespaces": namespaces, "/hostname": undefined, "/mounts": mounts });
  assert.equal(advice([mount], [proc]), ["host-view /mounts/0/type"]);
  assert.equal(advice([mount, { type: "pid" }], [proc]), []);
  assert.equal(advice([mount], [sysfs]), []); // the host's network is a choice
  const ids = [{ containerID: 0, hostID: 1, size: 65536 }];
  assert.equal(
    adviceOf({
      "/hostname": undefined,
      "/linux/namespaces": [mount, { type: "user" }],
      "/linux/uidMappings": ids,
      "/linux/gidMappings": ids,
      "/mounts": [sysfs],
    }),
    ["host-view /mounts/0/type"],
  );
});

test("options, sizes and destinations that were meant otherwise are told", () => {
  const options = (...words: string[]) => adviceOf({ "/mounts": [tmpfs("/a", ...words)] });
  assert.equal(options("nosiud", "mode=755"), ["misspelt-option /mounts/0/options/0"]);
  assert.equal(options("acl", "nosuid", "newinstance"), []);
  assert.equal(options("size=64"), ["tiny-tmpfs /mounts/0/options/0"]);
  assert.equal(options("size=64m"), []);
  assert.equal(options("size=65536k"), []);
  assert.equal(adviceOf({ "/mounts": [tmpfs("a")] }), ["relative-destination /mounts/0/destination"]);
});

test("a command line in one word, variables twice and a missing PATH are told", () => {
  assert.equal(adviceOf({ "/process/args": ["/bin/sh -c true"] }), ["command-line /process/args/0"]);
  assert.equal(adviceOf({ "/process/args": ["/my program", "x y"] }), []);
  assert.equal(adviceOf({ "/process/env/-": "PATH=/x" }), ["variable-twice /process/env/2"]);
  assert.equal(adviceOf({ "/process/env": [], "/process/args": ["sh"] }), ["no-path /process/args/0"]);
  assert.equal(adviceOf({ "/process/env": [], "/process/args": ["/sh"] }), []);
  assert.equal(adviceOf({ "/process/terminal": false, "/process/consoleSize": { width: 1, height: 1 } }), [
    "no-terminal /process/consoleSize",
  ]);
});

test("limits out of the kernel's range, and in the wrong unit, are told", () => {
  const cpu = (value: Json) => adviceOf({ "/linux/resources": { cpu: value } });
  assert.equal(cpu({ shares: 1 }), ["cpu-shares /linux/resources/cpu/shares"]);
  assert.equal(cpu({ shares: 300000 }), ["cpu-shares /linux/resources/cpu/shares"]);
  assert.equal(cpu({ shares: 0, quota: -1, period: 0 }), []);
  assert.equal(cpu({ shares: 2, quota: 1000, period: 1000 }), []);
  assert.equal(cpu({ quota: 50 }), ["cpu-quota /linux/resources/cpu/quota"]);
  assert.equal(cpu({ period: 5 }), ["cpu-period /linux/resources/cpu/period"]);
  const [tiny] = findingsOf({ "/linux/resources": { memory: { limit: 512 } } });
  assert.equal([tiny?.rule, tiny?.mend], ["tiny-memory", "limits are bytes: 536870912 for 512 MiB"]);
  assert.equal(adviceOf({ "/linux/resources": { memory: { limit: 1 << 24, reservation: 1 << 25 } } }), [
    "memory-reservation /linux/resources/memory/reservation",
  ]);
});

test("a profile that refuses what programs start with is told, once", () => {
  const profile = (names: string[]): Json => ({
    defaultAction: "SCMP_ACT_ERRNO",
    syscalls: [{ names, action: "SCMP_ACT_ALLOW" }],
  });
  const own = "execve prctl setgroups setresgid setresuid capget capset chdir getcwd".split(" ");
  const start = "brk mmap mprotect arch_prctl openat read close exit_group".split(" ");
  const advice = (names: string[]) => adviceOf({ "/linux/seccomp": profile(names) });
  assert.equal(advice([...own, ...start]), []);
  assert.equal(advice(own), ["seccomp-start /linux/seccomp/defaultAction"]);
  assert.equal(advice([]), ["conflict /linux/seccomp/defaultAction"]);
});

test("a newer version and deprecated hooks are told", () => {
  assert.equal(adviceOf({ "/ociVersion": "1.4.0" }), ["newer-version /ociVersion"]);
  assert.equal(adviceOf({ "/hooks": { prestart: [{ path: "/x" }] } }), ["deprecated-hook /hooks/prestart"]);
});

test.run();
