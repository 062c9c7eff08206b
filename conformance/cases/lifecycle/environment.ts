// SPDX-License-Identifier: Apache-2.0

import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { act, type Cases, refuse } from "../../case.ts";
import { contains, equal, holds } from "../../expect.ts";
import { bringTo } from "../../instruments/life.ts";
import { cgroup } from "../../needs.ts";
import { names } from "../../questions.ts";

const inapplicable = {
  clauses: ["lifecycle.create-inapplicable", "lifecycle.environment-error", "lifecycle.error-undone"],
} as const;

export default {
  namespaces: act({
    clauses: ["lifecycle.environment", "lifecycle.create-applies"],
    run: async (stage) => {
      await bringTo("created", stage);
      const types = ["ipc", "mnt", "pid", "uts"];
      const own = types.filter(
        (type) =>
          readlinkSync(`/proc/${stage.container.pid}/ns/${type}`) !== readlinkSync(`/proc/self/ns/${type}`),
      );
      equal("new namespaces of the created container's process", own, types);
    },
  }),

  mounts: act({
    clauses: ["lifecycle.environment", "lifecycle.create-applies"],
    change: { "/mounts/-": { destination: "/mounted-by-create", type: "tmpfs", source: "tmpfs" } },
    run: async (stage) => {
      await bringTo("created", stage);
      const points = readFileSync(`/proc/${stage.container.pid}/mountinfo`, "utf8")
        .split("\n")
        .map((line) => line.split(" ")[4]);
      // Before the root is changed the path of the rootfs stands before it.
      const mounted = points.some((point) => point?.endsWith("/mounted-by-create"));
      holds(
        "mount points of the created container's process",
        points,
        "/mounted-by-create among them",
        mounted,
      );
    },
  }),

  devices: act({
    clauses: ["lifecycle.create-applies", "lifecycle.environment"],
    run: async (stage) => {
      await bringTo("created", stage);
      const { pid } = stage.container;
      equal(
        "what /dev/stdin in the created container is",
        readlinkSync(`/proc/${pid}/root/dev/stdin`),
        "/proc/self/fd/0",
      );
      const node = lstatSync(`/proc/${pid}/root/dev/null`, { throwIfNoEntry: false });
      holds("/dev/null in the created container", node?.mode, "a file", node !== undefined);
    },
  }),

  cgroup: act({
    clauses: ["lifecycle.create-applies", "lifecycle.environment"],
    needs: [cgroup],
    run: async (stage) => {
      await bringTo("created", stage);
      const { container, place } = stage;
      const members = readFileSync(`${place.cgroupFolder}/cgroup.procs`, "utf8")
        .trim()
        .split("\n")
        .map(Number);
      contains("processes in the cgroup of the created container", members, container.pid);
    },
  }),

  /** Another container joins its UTS namespace to have a look. */
  hostname: act({
    clauses: ["lifecycle.create-applies", "lifecycle.environment"],
    change: { "/hostname": "set-by-create" },
    run: async (stage) => {
      await bringTo("created", stage);
      const observer = stage.another({
        "/hostname": undefined,
        "/linux/namespaces/3": { type: "uts", path: `/proc/${stage.container.pid}/ns/uts` },
      });
      const seen = await stage.observe({ names }, observer);
      equal("host name in the created container", seen.names.hostname, "set-by-create");
    },
  }),

  "missing-source": refuse({
    ...inapplicable,
    change: ({ scratch }) => ({
      "/mounts/-": { destination: "/tmp", type: "bind", source: `${scratch}/missing`, options: ["bind"] },
    }),
  }),
  "unknown-file-system": refuse({
    ...inapplicable,
    change: { "/mounts/-": { destination: "/tmp", type: "no-such-fs", source: "none" } },
  }),
  "missing-namespace": refuse({
    ...inapplicable,
    change: ({ scratch }) => ({ "/linux/namespaces/-": { type: "network", path: `${scratch}/missing` } }),
  }),
  "long-hostname": refuse({ ...inapplicable, change: { "/hostname": "x".repeat(65) } }),
  "unknown-sysctl": refuse({ ...inapplicable, change: { "/linux/sysctl": { "kernel.no-such-file": "1" } } }),
  "missing-root": refuse({ ...inapplicable, change: { "/root/path": "missing" } }),
} satisfies Cases;
