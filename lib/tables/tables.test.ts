// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { capabilityNumbers } from "./capabilities.ts";
import { errnoName, errnoText } from "./errno.ts";
import { memoryFlags, memoryModes } from "./memory-policy.ts";
import { mount8Options, mountOptions } from "./mount-options.ts";
import { joinOrder, namespaceFiles, namespaceFlags } from "./namespaces.ts";
import { personalityDomains } from "./personality.ts";
import { rlimitNumbers } from "./rlimits.ts";
import { ioClasses, schedulerFlags, schedulerPolicies } from "./scheduler.ts";
import { signalNumber } from "./signals.ts";

test("no name of an object's own machinery is found in a table", () => {
  for (const found of [capabilityNumbers.constructor, rlimitNumbers.toString, mountOptions.valueOf])
    assert.is(found, undefined);
});

test("numbers are given once and without gaps", () => {
  assert.equal(
    Object.values(capabilityNumbers),
    Array.from({ length: 41 }, (_, number) => number),
  );
  assert.equal(
    Object.values(rlimitNumbers),
    Array.from({ length: 16 }, (_, number) => number),
  );
  const flags = Object.values(namespaceFlags);
  assert.is(new Set(flags).size, 8);
  for (const flag of flags) assert.is(flag & (flag - 1), 0);
  assert.equal([...joinOrder].sort(), Object.keys(namespaceFlags).sort());
  assert.equal(Object.keys(namespaceFiles).sort(), Object.keys(namespaceFlags).sort());
});

test("the numbers of scheduler and memory policies are those of the kernel's headers", () => {
  assert.equal(Object.values(schedulerPolicies), [0, 1, 2, 3, 5, 6]); // 4 is kept for SCHED_ISO
  assert.equal(
    Object.values(schedulerFlags),
    Array.from({ length: 7 }, (_, bit) => 1 << bit),
  );
  assert.equal(Object.values(ioClasses), [1, 2, 3]);
  assert.equal(
    Object.values(memoryModes),
    Array.from({ length: 7 }, (_, mode) => mode),
  );
  assert.equal(Object.values(memoryFlags), [0x2000, 0x4000, 0x8000]);
  assert.equal({ ...personalityDomains }, { LINUX: 0, LINUX32: 8 });
});

test("a signal is known by number and by name, with and without SIG, in both cases", () => {
  for (const text of ["9", "KILL", "SIGKILL", "sigkill", "kill"]) assert.is(signalNumber(text), 9);
  assert.is(signalNumber("0"), 0);
  assert.is(signalNumber("SIGRTMIN"), 34);
  assert.is(signalNumber("SIGRTMIN+3"), 37);
  assert.is(signalNumber("RTMAX-1"), 63);
  assert.is(signalNumber("64"), 64);
});

test("what is no signal has no number", () => {
  for (const text of [
    "",
    "SIG",
    "65",
    "-9",
    "9.5",
    " 9",
    "RTMIN-1",
    "RTMAX+1",
    "RTMIN+40",
    "constructor",
    "NOPE",
  ])
    assert.is(signalNumber(text), undefined);
});

/** runtime-spec 1.3, config.md, "Linux mount options": those that a runtime must know. */
const required =
  "async atime bind defaults dev diratime dirsync exec iversion lazytime loud noatime nodev nodiratime noexec " +
  "noiversion nolazytime norelatime nostrictatime nosuid private rbind relatime remount ro rprivate rshared rslave " +
  "runbindable rw shared silent slave strictatime suid sync unbindable";
const recommended =
  "nosymfollow symfollow ratime rdev rdiratime rexec rnoatime rnodev rnodiratime rnoexec rnorelatime rnostrictatime " +
  "rnosuid rnosymfollow rrelatime rro rrw rstrictatime rsuid rsymfollow idmap ridmap mand nomand tmpcopyup";

test("every mount option of the spec is in the table", () => {
  const names = [...required.split(" "), ...recommended.split(" ")];
  assert.equal(Object.keys(mountOptions).sort(), names.sort());
  for (const name of Object.keys(mount8Options)) assert.is(mountOptions[name], undefined);
});

test("a recursive option does what the plain one does", () => {
  for (const [name, option] of Object.entries(mountOptions)) {
    if (option.kind !== "attribute" || !option.recursive) continue;
    const plain = mountOptions[name.slice(1)];
    assert.ok(plain?.kind === "attribute" && plain.set === option.set && plain.clear === option.clear, name);
  }
});

test("an errno has the name and the words of errno(3)", () => {
  assert.is(errnoName(1), "EPERM");
  assert.is(errnoText(1), "operation not permitted");
  assert.is(errnoName(133), "errno 133");
  assert.is(errnoName(132), "ERFKILL");
  assert.is(errnoText(5), "input/output error");
});

test.run();
