// SPDX-License-Identifier: Apache-2.0

import { once } from "node:events";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { act, type Cases, observe } from "../../case.ts";
import { contains, equal, holds, outcomeIs, present } from "../../expect.ts";
import { ownNamespace, withNamespaces, withUserNamespace } from "../../instruments/namespaces.ts";
import { cgroup, namespace, root } from "../../needs.ts";
import {
  call,
  create,
  identity,
  interfaces,
  list,
  mounts,
  names,
  namespaces,
  read,
  write,
} from "../../questions.ts";
import { mountsNow } from "../../stage/leaks.ts";

const createQueue = 0o1000; // IPC_CREAT
const key = 0x72756e74;

export default {
  pid: observe({
    clauses: ["namespaces.pid"],
    ask: { identity, processes: list("/proc") },
    expect: ({ identity: { pid }, processes }) => {
      equal("the program's pid", pid, 1);
      const seen = present("/proc", processes).filter((name) => /^\d+$/.test(name));
      equal("processes in the container", seen, ["1"]);
    },
  }),

  // Abstract sockets belong to a network namespace, and /proc lists them; the kernel makes no other ones by itself.
  network: act({
    clauses: ["namespaces.network"],
    change: withNamespaces({ type: "network" }),
    run: async (stage) => {
      const name = `conformance-${stage.container.id}`;
      const server = createServer().listen({ path: `\0${name}` });
      await once(server, "listening");
      try {
        const seen = await stage.observe({ interfaces, sockets: read("/proc/net/unix") });
        const sockets = present("/proc/net/unix", seen.sockets);
        holds("sockets in the container", sockets, `none named @${name}`, !sockets.includes(name));
        holds(
          "network interfaces in the container",
          seen.interfaces,
          "lo among them",
          "lo" in seen.interfaces,
        );
      } finally {
        server.close();
      }
    },
  }),

  mount: act({
    clauses: ["namespaces.mount"],
    change: (place) => ({
      "/mounts/-": { destination: "/tmp", type: "tmpfs", source: "inside", options: ["mode=1777"] },
      "/root/path": place.rootfs,
    }),
    run: async (stage) => {
      const { mounts: inside } = await stage.begin({ mounts, file: create("/tmp/file") });
      contains(
        "mount points in the container",
        inside.map((line) => line.split(" ")[4]),
        "/tmp",
      );
      const outside = [...mountsNow().values()].filter((point) => point.startsWith(stage.place.bundle));
      equal("mount points of the host below the bundle", outside, []);
    },
  }),

  ipc: act({
    clauses: ["namespaces.ipc"],
    run: async (stage) => {
      const other = stage.another();
      const made = await stage.begin({ queue: call("msgget", key, createQueue | 0o600) }, other);
      equal("errno of msgget, which makes a queue in another container", made.queue.errno, undefined);
      const { queue } = await stage.observe({ queue: call("msgget", key, 0o600) });
      equal("errno of msgget in the container, which has none", queue.errno, "ENOENT");
    },
  }),

  uts: act({
    clauses: ["namespaces.uts"],
    change: { "/hostname": "isolated" },
    run: async (stage) => {
      const before = hostname();
      const seen = await stage.begin({ names });
      equal("host name in the container", seen.names.hostname, "isolated");
      equal("host name of the host", hostname(), before);
    },
  }),

  user: observe({
    clauses: ["namespaces.user"],
    needs: [root],
    change: withUserNamespace,
    ask: { identity, owner: read("/proc/self/uid_map"), attempt: write("/probe", "x") },
    expect: ({ identity: { uid }, owner, attempt }) => {
      equal("user id in the container", uid[0], 0);
      holds("/proc/self/uid_map", owner, "another id on the host", !/^\s*0\s+0\s/.test(owner ?? ""));
      // The host's root owns it, and 0 is not that root here.
      outcomeIs("writing to a file of the host's root", attempt, "EACCES", "ETXTBSY");
    },
  }),

  cgroup: observe({
    clauses: ["namespaces.cgroup"],
    needs: [cgroup, namespace("cgroup")],
    change: withNamespaces({ type: "cgroup" }),
    ask: { own: read("/proc/self/cgroup") },
    expect: ({ own }) => {
      const line = present("/proc/self/cgroup", own)
        .split("\n")
        .find((text) => text.startsWith("0::"));
      equal("the container's cgroup, seen from inside", line, "0::/");
    },
  }),

  time: observe({
    clauses: ["namespaces.time"],
    needs: [namespace("time")],
    change: withNamespaces({ type: "time" }),
    ask: { namespaces },
    expect: ({ namespaces: { time } }) => {
      const own = ownNamespace("time");
      holds("the time namespace", time, `another one than ${own}, the runtime's`, time !== own);
    },
  }),
} satisfies Cases;
