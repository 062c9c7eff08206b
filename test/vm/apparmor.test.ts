// SPDX-License-Identifier: Apache-2.0

// AppArmor, where the kernel has it on: in the virtual machine, and on Debian.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle, shell } from "../native/bundle.ts";
import { expectNoLeaks, snapshot } from "../native/leaks.ts";
import { Runtime } from "../native/runtime.ts";
import { newId } from "../native/scratch.ts";

const before = snapshot();
const runtime = new Runtime();
const enabled =
  existsSync("/sys/module/apparmor/parameters/enabled") &&
  readFileSync("/sys/module/apparmor/parameters/enabled", "utf8").startsWith("Y");

const name = "runts-test";
const profile = `profile ${name} flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  deny /tmp/forbidden w,
}
`;

/** What a runtime might be confined by itself, as in a container. */
const outer = `${name}-outer`;
const outerProfile = `profile ${outer} flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  mount,
  umount,
  pivot_root,
  network,
  signal,
  ptrace,
  change_profile -> **,
}
`;
const throughOuter = ["sh", "-c", `echo changeprofile ${outer} > /proc/self/attr/current && exec "$@"`, "sh"];

const confined: Change = ({ process, mounts }) => {
  process.apparmorProfile = name;
  mounts.push({ destination: "/tmp", type: "tmpfs", source: "tmpfs" });
};

function load(flag: "--replace" | "--remove"): void {
  execFileSync("apparmor_parser", ["--skip-cache", flag], { input: profile + outerProfile });
}

/** Only where AppArmor is on, with the profiles loaded. */
function prove(title: string, body: () => void): void {
  if (!enabled) {
    test.skip(`${title} # AppArmor is not on in this kernel`, () => {});
    return;
  }
  test(title, () => {
    load("--replace");
    try {
      body();
    } finally {
      load("--remove");
    }
  });
}

/** The label of the program, of a runtime that is called like this. */
function labelOf(change: Change, through: readonly string[]): string {
  const { status, out, err } = runtime.run(combine(shell("cat /proc/self/attr/current"), change), {
    through,
  });
  assert.equal({ status, err }, { status: 0, err: "" });
  return out.trimEnd();
}

prove("the program is confined by its profile, and only the program's own right to write is lost", () => {
  assert.is(runtime.inside("cat /proc/self/attr/current", confined), `${name} (enforce)`);
  const { status, err } = runtime.run(combine(shell("echo > /tmp/free && echo > /tmp/forbidden"), confined));
  assert.is(status, 1);
  assert.match(err, /forbidden: Permission denied/);
});

prove("a container of a confined runtime leaves that profile where it may, and else has both", () => {
  const withPrivileges = combine(confined, ({ process }) => {
    process.noNewPrivileges = false;
  });
  assert.is(labelOf(withPrivileges, throughOuter), `${name} (enforce)`);
  assert.is(labelOf(confined, throughOuter), `${name}//&${outer} (enforce)`);
});

prove(
  "a process that joins has the container's profile, another where it says so, and beside no_new_privs",
  () => {
    for (const noNewPrivileges of [true, false]) {
      const own = combine(confined, ({ process }) => {
        process.noNewPrivileges = noNewPrivileges;
      });
      const id = runtime.create(combine(shell("exec sleep 1000"), own));
      runtime.ok("start", id);
      const label = (...flags: readonly string[]) =>
        runtime.ok("exec", ...flags, id, "cat", "/proc/self/attr/current").trimEnd();
      assert.is(label(), `${name} (enforce)`);
      assert.is(label("--user", "1000"), `${name} (enforce)`);
      assert.is(label("--apparmor", outer), `${outer} (enforce)`);
      const { status, err } = runtime.call(["exec", "--apparmor", "not-loaded", id, "true"]);
      assert.is(status, 255);
      assert.match(err, /write: ENOENT: .*init: setApparmorProfile/);
      runtime.ok("delete", "--force", id);
    }
  },
);

prove(
  "a container that hides its procfs does not keep a process from its profile, but from being run",
  () => {
    const id = runtime.create(
      combine(shell("umount /proc; exec sleep 1000"), confined, ({ process }) => {
        const all = ["CAP_SYS_ADMIN"] as const;
        process.capabilities = { bounding: [...all], effective: [...all], permitted: [...all] };
        process.apparmorProfile = outer;
      }),
    );
    runtime.ok("start", id);
    let err = "";
    // the shell takes its time
    for (let i = 0; i < 50 && !err.includes("not a procfs"); i++)
      ({ err } = runtime.call(["exec", id, "true"]));
    assert.match(err, /\/proc is not a procfs/);
    runtime.ok("delete", "--force", id);
  },
);

prove("unconfined is a profile, too, and takes a container out of the runtime's own", () => {
  const free: Change = ({ process }) => {
    process.apparmorProfile = "unconfined";
    process.noNewPrivileges = false;
  };
  assert.is(runtime.inside("cat /proc/self/attr/current", free), "unconfined");
  assert.is(labelOf(free, throughOuter), "unconfined");
});

prove("a stack of profiles takes effect in any order", () => {
  const stack = (profiles: string): Change => {
    return ({ process }) => {
      process.apparmorProfile = profiles;
    };
  };
  for (const profiles of [`${name}//&${outer}`, `${outer}//&${name}`])
    assert.is(labelOf(stack(profiles), ["env"]), `${name}//&${outer} (enforce)`);
});

test("a profile that is not loaded fails the start and names the field", () => {
  const err = runtime.refuses(confined);
  assert.match(err, /process\/apparmorProfile/);
  assert.match(err, enabled ? /write: ENOENT: .*init: setApparmorProfile/ : /AppArmor is not enabled/);
  const { err: story } = runtime.call(["--debug", "run", "--bundle", makeBundle(confined), newId()]);
  assert.match(story, / {2}config .*\/process\/apparmorProfile\n/);
  assert.match(story, enabled ? `cause   AppArmor has no profile ${name} loaded` : "cause ");
  assert.match(
    story,
    enabled ? "try     load it: apparmor_parser" : "try     leave process.apparmorProfile out",
  );
});

test("nothing is left behind", () => {
  expectNoLeaks(before);
});

test.run();
