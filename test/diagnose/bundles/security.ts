// SPDX-License-Identifier: Apache-2.0

import type { Json } from "../../../lib/host.ts";
import type { Broken } from "../broken.ts";

const profile = (action: string, names: readonly string[], more: { [name: string]: Json } = {}) => ({
  "/linux/seccomp": {
    defaultAction: "SCMP_ACT_ALLOW",
    architectures: ["SCMP_ARCH_X86_64"],
    syscalls: [{ names: [...names], action, ...more }],
  },
});
const trueScript = (path: string, text: string) => ({ [path]: { text } });

export const security: readonly Broken[] = [
  {
    what: "a filter that refuses execve",
    edits: profile("SCMP_ACT_ERRNO", ["execve"]),
    cause: /seccomp.*execve/,
    mend: /allow.*execve/,
    pointer: "/process/args",
  },
  {
    what: "a filter that allows too little to start a program",
    edits: {
      "/linux/seccomp": {
        defaultAction: "SCMP_ACT_ERRNO",
        architectures: ["SCMP_ARCH_X86_64"],
        syscalls: [{ names: ["read", "write", "sendmsg", "sendto", "exit_group"], action: "SCMP_ACT_ALLOW" }],
      },
    },
    cause: /seccomp.*execve/,
    mend: /allow.*execve/,
    pointer: "/process/args",
  },
  {
    what: "a filter that ends the process at execve",
    edits: profile("SCMP_ACT_KILL_PROCESS", ["execve"]),
    cause: /seccomp filter ends runts-init at execve/,
    mend: /allow execve/,
    pointer: "/linux/seccomp/syscalls/0",
  },
  {
    what: "the same, found at the start",
    edits: profile("SCMP_ACT_KILL_PROCESS", ["execve"]),
    before: [["create", "--bundle", "BUNDLE", "ID"]],
    command: ["start", "ID"],
    cause: /seccomp filter ends runts-init at execve/,
    mend: /allow execve/,
    pointer: "/linux/seccomp/syscalls/0",
    unforeseen: true,
  },
  {
    what: "a filter that kills the thread at execve, loaded before the rights are dropped",
    edits: { ...profile("SCMP_ACT_KILL", ["execve"]), "/process/noNewPrivileges": false },
    cause: /seccomp filter ends runts-init at execve/,
    mend: /allow execve/,
    pointer: "/linux/seccomp/syscalls/0",
  },
  {
    what: "a filter that refuses execve, and the call by which that is told",
    edits: profile("SCMP_ACT_ERRNO", ["execve", "sendmsg"]),
    cause: /seccomp.*execve/,
    mend: /allow execve/,
    pointer: "/process/args",
  },
  {
    what: "a filter that refuses execve, and all calls by which that could be told",
    edits: profile("SCMP_ACT_ERRNO", ["execve", "sendmsg", "write"]),
    cause: /seccomp filter refuses execve/,
    mend: /allow execve/,
    pointer: "/linux/seccomp/syscalls/0",
  },
  {
    what: "a filter that refuses execve, and ends the process when that is told",
    edits: {
      "/linux/seccomp": {
        defaultAction: "SCMP_ACT_ALLOW",
        architectures: ["SCMP_ARCH_X86_64"],
        syscalls: [
          { names: ["execve"], action: "SCMP_ACT_ERRNO" },
          { names: ["sendmsg"], action: "SCMP_ACT_KILL_PROCESS" },
        ],
      },
    },
    cause: /seccomp.*execve/,
    mend: /allow.*execve/,
    pointer: "/linux/seccomp/syscalls/",
  },
  {
    what: "a filter that leaves execve to a tracer that is not there",
    edits: profile("SCMP_ACT_TRACE", ["execve"]),
    cause: /seccomp.*execve/,
    mend: /allow execve/,
    pointer: "/process/args",
    unforeseen: true,
  },
  {
    what: "a filter without no_new_privs that ends the process at the change of user",
    edits: { ...profile("SCMP_ACT_KILL_PROCESS", ["setresuid"]), "/process/noNewPrivileges": false },
    cause: /seccomp filter ends runts-init at setresuid/,
    mend: /allow setresuid.*noNewPrivileges/,
    pointer: "/linux/seccomp/syscalls/0",
  },
  {
    what: "a filter without no_new_privs that refuses the change of user",
    edits: { ...profile("SCMP_ACT_ERRNO", ["setresuid"]), "/process/noNewPrivileges": false },
    cause: /seccomp.*setresuid/,
    mend: /noNewPrivileges|allow.*setresuid/,
    pointer: "/process/user",
  },
  {
    what: "a filter without no_new_privs that refuses capset",
    edits: { ...profile("SCMP_ACT_ERRNO", ["capset"]), "/process/noNewPrivileges": false },
    cause: /seccomp.*capset/,
    mend: /noNewPrivileges|allow.*capset/,
    pointer: "/process/capabilities",
  },
  {
    what: "a filter with an agent that is not there",
    edits: {
      "/linux/seccomp": {
        defaultAction: "SCMP_ACT_ALLOW",
        architectures: ["SCMP_ARCH_X86_64"],
        listenerPath: "/no/such/agent.sock",
        syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_NOTIFY" }],
      },
    },
    cause: /\/no does not exist|agent/,
    mend: /agent/,
    pointer: "/linux/seccomp/listenerPath",
  },
  {
    what: "a filter that asks an agent which nobody names",
    edits: profile("SCMP_ACT_NOTIFY", ["mkdir"]),
    cause: /listenerPath/,
    mend: /listenerPath/,
    pointer: "/linux/seccomp",
  },
  {
    what: "a filter with an action that there is not",
    edits: profile("SCMP_ACT_DENY", ["mkdir"]),
    cause: /SCMP_ACT_DENY/,
    mend: /SCMP_ACT_ERRNO/,
    pointer: "/linux/seccomp/syscalls/0/action",
  },
  {
    what: "a profile of AppArmor where that is off",
    edits: { "/process/apparmorProfile": "docker-default" },
    cause: /AppArmor is not enabled/,
    mend: /apparmor=1|remove|leave/i,
    pointer: "/process/apparmorProfile",
    needs: "AppArmor off",
  },
  {
    what: "a label of SELinux where that is off",
    edits: { "/process/selinuxLabel": "system_u:system_r:container_t:s0" },
    cause: /SELinux is not enabled/,
    mend: /selinux=1|remove|leave/i,
    pointer: "/process/selinuxLabel",
    needs: "SELinux off",
  },
  {
    what: "a hook that is not there",
    edits: { "/hooks": { createRuntime: [{ path: "/no/such/hook" }] } },
    cause: /\/no does not exist/,
    mend: /install|path/,
    pointer: "/hooks/createRuntime/0",
  },
  {
    what: "a hook that is not executable",
    edits: { "/hooks": { createRuntime: [{ path: "/etc/passwd" }] } },
    cause: /not executable/,
    mend: /chmod \+x/,
    pointer: "/hooks/createRuntime/0",
  },
  {
    what: "a hook without its interpreter",
    edits: { "/hooks": { createRuntime: [{ path: "BUNDLE/rootfs/hook" }] } },
    files: trueScript("/hook", "#!/no/such/shell\n"),
    cause: /\/no\/such\/shell.*does not exist/,
    mend: /install|first line/,
    pointer: "/hooks/createRuntime/0",
  },
  {
    what: "a hook that fails",
    unforeseen: true,
    edits: {
      "/hooks": { createRuntime: [{ path: "/bin/sh", args: ["sh", "-c", "echo no room >&2; exit 3"] }] },
    },
    cause: /exit status 3/,
    mend: /by hand|state/,
    pointer: "/hooks/createRuntime/0",
  },
  {
    what: "a hook that takes too long",
    unforeseen: true,
    edits: { "/hooks": { createRuntime: [{ path: "/bin/sleep", args: ["sleep", "20"], timeout: 1 }] } },
    cause: /1 second|time/,
    mend: /timeout/,
    pointer: "/hooks/createRuntime/0",
  },
  {
    what: "a hook that kills itself",
    unforeseen: true,
    edits: { "/hooks": { createContainer: [{ path: "/bin/sh", args: ["sh", "-c", "kill -9 $$"] }] } },
    cause: /signal 9|SIGKILL/,
    mend: /by hand|memory|who/,
    pointer: "/hooks/createContainer/0",
  },
  {
    what: "a hook of the start that the image does not have",
    edits: { "/hooks": { startContainer: [{ path: "/usr/bin/ldconfig-now" }] } },
    cause: /\/usr\/bin\/ldconfig-now does not exist/,
    mend: /image|inside/,
    pointer: "/hooks/startContainer/0",
  },
  {
    what: "a hook with a relative path",
    edits: { "/hooks": { poststart: [{ path: "hook.sh" }] } },
    cause: /absolute/,
    mend: /absolute/,
    pointer: "/hooks/poststart/0/path",
  },
];
