// SPDX-License-Identifier: Apache-2.0

/** The demo's config.json: what `runts spec` writes, with a program of our own and a few more things to see. */

const program = ". /demo/look.sh; . /demo/try.sh";

/** What a container has no business with; everything else is let through. */
const refused = ["bpf", "keyctl", "mount", "ptrace", "reboot", "setns", "swapon", "umount2", "unshare"];

/** Limits to show where the host has the cgroup controller for them. */
export const limits = {
  memory: { memory: { limit: 64 * 1024 * 1024 } },
  pids: { pids: { limit: 32 } },
  cpu: { cpu: { quota: 50_000, period: 100_000 } },
};

function withNetwork(namespaces) {
  return namespaces.some(({ type }) => type === "network")
    ? namespaces
    : [...namespaces, { type: "network" }];
}

/**
 * @param {any} spec what `runts spec` wrote
 * @param {readonly (keyof typeof limits)[]} limited the limits to set
 * @param {readonly string[]} args the program; the demo's own unless given
 */
export function demoConfig(spec, limited, args = ["sh", "-c", program]) {
  const resources = Object.assign({}, spec.linux.resources, ...limited.map((name) => limits[name]));
  return {
    ...spec,
    hostname: "demo",
    process: {
      ...spec.process,
      terminal: false,
      args,
      rlimits: [...spec.process.rlimits, { type: "RLIMIT_FSIZE", soft: 16 << 20, hard: 16 << 20 }],
    },
    linux: {
      ...spec.linux,
      ...(Object.keys(resources).length === 0 ? {} : { resources }),
      namespaces: withNetwork(spec.linux.namespaces),
      seccomp: {
        defaultAction: "SCMP_ACT_ALLOW",
        syscalls: [{ names: refused, action: "SCMP_ACT_ERRNO" }],
      },
    },
  };
}
