// SPDX-License-Identifier: Apache-2.0

// exec: what the process holds, what holds it, and what can be seen of it on its way.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Change } from "./bundle.ts";
import { executed, running, statusLine } from "./joining.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";
import { newPath } from "./scratch.ts";

const before = snapshot();
const runtime = new Runtime();

const end = (id: string) => runtime.ok("delete", "--force", id);

/** Hands the runtime descriptors 3 to 9, as a careless engine would. */
const leaking = ["sh", "-c", 'exec 3</ 4</etc/passwd 5</ 6</ 7</ 8</ 9</; exec "$@"', "sh"];

test("only 0, 1 and 2 are open in it, and what --preserve-fds says", () => {
  const id = running(runtime);
  const exec = (...args: readonly string[]) => runtime.call(["exec", ...args], { through: leaking });
  assert.match(exec(id, "sh", "-c", "cd /proc/$$/fd; echo *").out, /^0 1 2( 3)?\n$/);
  const kept = exec(
    "--preserve-fds",
    "2",
    id,
    "sh",
    "-c",
    "head -c 4 <&4; echo; test -e /proc/self/fd/5 && echo five",
  );
  assert.is(kept.out, "root\n");
  assert.match(exec("--preserve-fds", "8", id, "true").err, /descriptor 10, to be handed on, is not open/);
  end(id);
});

test("a working directory on a leaked descriptor of the host is no way out (CVE-2024-21626)", () => {
  const id = running(runtime);
  for (let fd = 3; fd < 12; fd++) {
    const { status, out } = runtime.call(["exec", "--cwd", `/proc/self/fd/${fd}`, id, "ls"], {
      through: leaking,
    });
    assert.equal({ status, out }, { status: 255, out: "" }, `descriptor ${fd}`);
    const program = runtime.call(["exec", id, `/proc/self/fd/${fd}/bin/ls`], { through: leaking });
    assert.is(program.status, 255);
  }
  end(id);
});

test("a container that may trace everything gets hold of nothing of the host (CVE-2016-9962)", () => {
  const seen = newPath("seen");
  writeFileSync(seen, "");
  const capabilities = [
    "CAP_SYS_PTRACE",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_SYS_ADMIN",
  ] as const;
  const watch =
    "while :; do ls -l /proc/[2-9]*/cwd /proc/[2-9]*/root /proc/[2-9]*/exe /proc/[2-9]*/fd/; done 2>/dev/null >> /seen";
  const id = runtime.create(({ process, mounts }) => {
    process.args = ["sh", "-c", watch];
    process.capabilities = {
      bounding: [...capabilities],
      effective: [...capabilities],
      permitted: [...capabilities],
    };
    mounts.push({ destination: "/seen", source: seen, options: ["bind"] });
  });
  runtime.ok("start", id);
  for (let i = 0; i < 200; i++) runtime.ok("exec", id, "true");
  end(id);
  const links = [...new Set(readFileSync(seen, "utf8").match(/(?<= -> ).*$/gm) ?? [])];
  // its own program and files, what the test gives it as 0, 1 and 2, and the ends of pipes and sockets
  const known =
    /^$|^\/(bin\/busybox|etc\/(passwd|group)|seen|dev\/null|proc(\/.*)?)?$|-(in|out|err)$|^(pipe|socket):|^\/memfd:runts-/;
  assert.equal(
    links.filter((link) => !known.test(link)),
    [],
  );
  assert.ok(links.includes("/memfd:runts-init (deleted)"), "never seen on its way");
});

const filter = {
  defaultAction: "SCMP_ACT_ALLOW",
  syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO", errnoRet: 28 }],
} as const;

test("the container's filter holds for it, with and without no_new_privs, and from the file that create kept", () => {
  for (const noNewPrivileges of [true, false]) {
    const change: Change = ({ linux, process }) => {
      Object.assign(linux, { seccomp: filter });
      process.noNewPrivileges = noNewPrivileges;
    };
    const seen = executed(runtime, `mkdir /dev/shm/x 2>&1; ${statusLine("Seccomp")}`, [], change);
    assert.match(seen, /No space left on device\nSeccomp: 2$/);
  }
  const id = running(runtime, ({ linux }) => void Object.assign(linux, { seccomp: filter }));
  for (const name of readdirSync(runtime.root).filter((one) => one.startsWith(".seccomp-")))
    writeFileSync(`${runtime.root}/${name}`, "damaged");
  assert.match(runtime.ok("exec", id, "grep", "^Seccomp:", "/proc/self/status"), /2/);
  end(id);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
