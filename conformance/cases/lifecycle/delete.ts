// SPDX-License-Identifier: Apache-2.0

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { act, type Cases } from "../../case.ts";
import { equal } from "../../expect.ts";
import { bringTo, expectError, rawState } from "../../instruments/life.ts";
import { cgroup } from "../../needs.ts";
import { say, spawn } from "../../questions.ts";

const manyChildren = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`child${at}`, spawn]));
const withoutPidNamespace = { "/linux/namespaces/0": undefined };

export default {
  "without-id": act({
    clauses: ["lifecycle.delete-needs-id"],
    run: async (stage) => {
      await bringTo("stopped", stage);
      expectError("delete without an ID", await stage.runtime.call(["delete"]), "which container?");
      equal("status", (await rawState(stage.container)).status, "stopped");
    },
  }),

  unknown: act({
    clauses: ["lifecycle.delete-only-stopped"],
    run: async ({ container }) =>
      expectError("delete", await container.try("delete"), "there is no such container"),
  }),
  twice: act({
    clauses: ["lifecycle.delete-only-stopped"],
    run: async (stage) => {
      await stage.observe({});
      expectError(
        "the second delete",
        await stage.container.try("delete"),
        "there is no such container any more",
      );
    },
  }),
  created: act({
    clauses: ["lifecycle.delete-only-stopped", "lifecycle.error-undone"],
    run: async (stage) => {
      const { container } = stage;
      await bringTo("created", stage);
      const before = await rawState(container);
      expectError("delete of the created container", await container.try("delete"), "it is not stopped");
      equal("its state afterwards", await rawState(container), before);
      await container.start();
    },
  }),
  running: act({
    clauses: ["lifecycle.delete-only-stopped", "lifecycle.error-undone"],
    run: async (stage) => {
      await bringTo("running", stage);
      const before = await rawState(stage.container);
      expectError(
        "delete of the running container",
        await stage.container.try("delete"),
        "it is not stopped",
      );
      equal("its state afterwards", await rawState(stage.container), before);
    },
  }),

  /** The rest that it made, mounts and the runtime's own notes, is for the search for leaks. */
  resources: act({
    clauses: ["lifecycle.delete", "lifecycle.destroyed", "lifecycle.operations"],
    needs: [cgroup],
    run: async (stage) => {
      await bringTo("stopped", stage);
      equal("whether the cgroup is there before", existsSync(stage.place.cgroupFolder), true);
      await stage.container.delete();
      equal("whether the cgroup is there after delete", existsSync(stage.place.cgroupFolder), false);
    },
  }),
  /** No PID namespace ends with its init, so that children keep the cgroup busy, even while they die. */
  "left-process": act({
    clauses: ["lifecycle.delete", "lifecycle.destroyed"],
    needs: [cgroup],
    change: withoutPidNamespace,
    run: async (stage) => {
      // runc 1.1 does not wait for them, and is lucky when they are few.
      const containers = [stage.container, ...[2, 3].map(() => stage.another(withoutPidNamespace))];
      for (const container of containers) {
        await stage.observe(manyChildren, container);
        equal("whether the cgroup is there after delete", existsSync(container.place.cgroupFolder), false);
      }
    },
  }),

  files: act({
    clauses: ["lifecycle.delete-spares"],
    prepare: ({ scratch, rootfs }) => {
      for (const folder of [scratch, rootfs]) writeFileSync(`${folder}/kept`, "kept");
    },
    change: ({ scratch }) => ({
      "/mounts/-": { destination: "/tmp", type: "bind", source: scratch, options: ["rbind", "rw"] },
    }),
    run: async (stage) => {
      const { scratch, rootfs, bundle } = stage.place;
      await stage.observe({});
      for (const path of [`${scratch}/kept`, `${rootfs}/kept`]) {
        equal(path, existsSync(path) ? readFileSync(path, "utf8") : undefined, "kept");
      }
      equal("what is in the bundle", readdirSync(bundle).toSorted(), ["config.json", "rootfs"]);
    },
  }),
  namespaces: act({
    clauses: ["lifecycle.delete-spares"],
    run: async (stage) => {
      const { container } = stage;
      await bringTo("running", stage);
      const types = ["ipc", "uts"];
      const links = () => types.map((type) => readlinkSync(`/proc/${container.pid}/ns/${type}`));
      const before = links();
      const guest = stage.another({
        "/hostname": undefined,
        "/linux/namespaces": [
          { type: "mount" },
          { type: "pid" },
          ...types.map((type) => ({ type, path: `/proc/${container.pid}/ns/${type}` })),
        ],
      });
      await stage.observe({ said: say("hello") }, guest);
      equal("namespaces of the other container", links(), before);
      equal("its status", (await rawState(container)).status, "running");
    },
  }),
  /** create has found it there, empty. */
  cgroup: act({
    clauses: ["lifecycle.delete-spares"],
    needs: [cgroup],
    prepare: ({ cgroupFolder }) => mkdirSync(cgroupFolder),
    run: async (stage) => {
      const { cgroupFolder } = stage.place;
      await stage.observe({});
      const spared = existsSync(cgroupFolder);
      if (spared) rmdirSync(cgroupFolder);
      equal("whether the cgroup that was there before create is there after delete", spared, true);
    },
  }),
} satisfies Cases;
