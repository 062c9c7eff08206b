// SPDX-License-Identifier: Apache-2.0

import { type Cases, observe } from "../../case.ts";
import { equal, holds } from "../../expect.ts";
import { givesErrno, isMade, marked, rule, rules, splice } from "../../instruments/syscall-filter.ts";
import { root } from "../../needs.ts";
import { names as hostNames, identity, run, security } from "../../questions.ts";

const filtered = (change: Readonly<Record<string, unknown>>) =>
  observe({
    clauses: ["seccomp.filter", "seccomp.syscalls"],
    needs: "/process/user" in change ? [root] : [],
    change: { ...rules(rule()), ...change },
    ask: { security, seen: splice(), child: run("/probe", security.ask) },
    expect: ({ security: { seccomp, noNewPrivileges }, seen, child }) => {
      equal("noNewPrivileges", noNewPrivileges, change["/process/noNewPrivileges"] ?? true);
      equal("the seccomp mode of the process (2: a filter)", seccomp, 2);
      givesErrno("the call in the process", seen, marked.name);
      holds(
        "what a child that calls execve says",
        child.output,
        "mode 2, too",
        /"seccomp": ?2/.test(child.output ?? ""),
      );
    },
  });

/** What a runtime has to do itself when it makes a container; the container's program may not. */
const making = ["mount", "pivot_root", "sethostname", "setdomainname", "umount2", "unshare"];
const becoming = ["setgid", "setgroups", "setresgid", "setresuid", "setuid"];

const undisturbed = (noNewPrivileges: boolean, names: readonly string[]) =>
  observe({
    clauses: ["seccomp.filter"],
    needs: [root],
    change: {
      ...rules({ names, action: "SCMP_ACT_ERRNO", errnoRet: marked.number }, rule()),
      "/process/noNewPrivileges": noNewPrivileges,
      "/process/user": { uid: 1000, gid: 1000, additionalGids: [2000] },
    },
    ask: { identity, names: hostNames, seen: splice() },
    expect: ({ identity: { uid, gid, groups }, names: { hostname }, seen }) => {
      const others = groups.filter((id) => id !== 1000);
      equal("the user, group and groups", [uid[0], gid[0], others], [1000, 1000, [2000]]);
      equal("the hostname", hostname, "conformance");
      givesErrno("a filtered call", seen, marked.name);
    },
  });

export default {
  "no-new-privileges": filtered({}),
  // Only CAP_SYS_ADMIN may load such a filter; the program has not got it.
  "new-privileges": filtered({ "/process/noNewPrivileges": false }),
  "new-privileges-of-user": filtered({
    "/process/noNewPrivileges": false,
    "/process/user": { uid: 1000, gid: 1000 },
    "/process/capabilities": {},
  }),
  "runtime-undisturbed": undisturbed(true, [...making, ...becoming]),
  // Loaded while the capabilities for it are there, before the process becomes the user.
  "runtime-undisturbed-with-new-privileges": undisturbed(false, making),
  "other-calls": observe({
    clauses: ["seccomp.default-action", "seccomp.action-allow"],
    change: rules(rule({ names: ["tee"] })),
    ask: { seen: splice() },
    expect: ({ seen }) => isMade("a call that no rule matches", seen),
  }),
} satisfies Cases;
