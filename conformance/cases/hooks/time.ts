// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { act, type Cases, type Change } from "../../case.ts";
import { equal, holds } from "../../expect.ts";
import {
  answerBy,
  during,
  hook,
  logged,
  logInside,
  scratchInside,
  stateOf,
  turns,
  untilReleased,
  withHooks,
  writers,
} from "../../instruments/hooks.ts";
import { cgroup } from "../../needs.ts";
import { lstat, mounts, pause, say, sleep } from "../../questions.ts";
import type { Container } from "../../stage/container.ts";
import type { Place } from "../../stage/place.ts";
import type { Stage } from "../../stage/stage.ts";

/** The mount of the log is one of the config's; before the root is changed, its path has the rootfs's before it. */
const isMounted = (lines: readonly string[]) =>
  lines.some((line) => line.split(" ")[4]?.endsWith(scratchInside));

async function restOfLife({ container }: Stage): Promise<void> {
  await container.start();
  await container.ended();
  await container.delete();
}

/** What is there of the container's process while a hook of the runtime namespace waits in create. */
const beside = (kind: "prestart" | "createRuntime", look: (pid: number, place: Place) => void) => ({
  change: (place: Place): Change =>
    withHooks(place, { [kind]: [hook(place, kind, untilReleased(place, kind))] }),
  run: async (stage: Stage) => {
    const { container, place } = stage;
    stage.ask({});
    await during(container, kind, container.create(), () => {
      const { pid } = stateOf(container, kind);
      holds(
        `pid in the state of ${kind}`,
        pid,
        "the number of a process",
        typeof pid === "number" && pid > 0,
      );
      look(Number(pid), place);
    });
    await restOfLife(stage);
  },
});

const newNamespaces = ["pid", "mnt", "ipc", "uts"];
function expectNamespaces(pid: number): void {
  const own = newNamespaces.filter((type) => {
    // The process itself stays outside of a new PID namespace until it forks: its children would be in it.
    const links = type === "pid" ? ["pid", "pid_for_children"] : [type];
    return links.some(
      (link) => readlinkSync(`/proc/${pid}/ns/${link}`) !== readlinkSync(`/proc/self/ns/${type}`),
    );
  });
  equal("namespaces of its own that the container's process has when the hook runs", own, newNamespaces);
}

function expectMounts(pid: number): void {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, "utf8").split("\n");
  equal("whether the mounts of the config are done when the hook runs", isMounted(lines), true);
}

function expectOldRoot(pid: number, { bundle }: Place): void {
  const seen = existsSync(`/proc/${pid}/root${bundle}/config.json`);
  equal("whether the container's process still has the runtime's root when the hook runs", seen, true);
}

/** Where the first line of a writer is. */
const writesFrom = (container: Container, by: string) =>
  logged(container).findIndex((line) => line.by === by);

const createContainerHook = (place: Place): Change =>
  withHooks(place, {
    createContainer: [hook(place, "createContainer", [mounts, lstat(`${place.bundle}/config.json`)])],
  });

/** Long enough for a start that does not wait to get to its next step on a slow machine. */
const slowStartContainer = (place: Place) => hook(place, "startContainer", [sleep(1000), say("done")]);

export default {
  "prestart-after-namespaces": act({
    clauses: ["hooks.prestart-time"],
    ...beside("prestart", expectNamespaces),
  }),
  "prestart-before-root": act({ clauses: ["hooks.prestart-time"], ...beside("prestart", expectOldRoot) }),
  "prestart-after-mounts": act({ clauses: ["hooks.prestart-time"], ...beside("prestart", expectMounts) }),

  "create-runtime-after-namespaces": act({
    clauses: ["hooks.create-runtime-time", "hooks.create-runtime-mounts"],
    ...beside("createRuntime", expectNamespaces),
  }),
  "create-runtime-before-root": act({
    clauses: ["hooks.create-runtime-time"],
    ...beside("createRuntime", expectOldRoot),
  }),
  "create-runtime-after-mounts": act({
    clauses: ["hooks.create-runtime-mounts", "hooks.create-runtime-time"],
    ...beside("createRuntime", expectMounts),
  }),

  "create-container-after-mounts": act({
    clauses: ["hooks.create-container-time"],
    change: createContainerHook,
    run: async (stage) => {
      await stage.observe({});
      const lines = answerBy(stage.container, "createContainer", mounts);
      holds("mounts that the hook sees", lines, `one on …${scratchInside}`, isMounted(lines));
    },
  }),
  "create-container-before-root": act({
    clauses: ["hooks.create-container-time"],
    change: createContainerHook,
    run: async (stage) => {
      await stage.observe({});
      const config = answerBy(stage.container, "createContainer", lstat(`${stage.place.bundle}/config.json`));
      equal("what the hook sees at the runtime's path of config.json", config?.type, "file");
    },
  }),

  "start-container-before-program": act({
    clauses: ["hooks.start-container-time"],
    change: (place) => withHooks(place, { startContainer: [slowStartContainer(place)] }),
    run: async (stage) => {
      stage.ask({ log: logInside("program") });
      await stage.container.create();
      await restOfLife(stage);
      equal("who wrote", turns(stage.container), ["startContainer", "program"]);
    },
  }),

  "poststart-before-start-returns": act({
    clauses: ["hooks.poststart-time"],
    change: (place) => withHooks(place, { poststart: [hook(place, "poststart", [sleep(200), say("done")])] }),
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ pause });
      await container.create();
      await container.start();
      equal("whether the hook is done when start returns", logged(container).at(-1)?.ask, "say done");
    },
  }),
  "poststart-after-program": act({
    clauses: ["hooks.poststart-time"],
    change: (place) =>
      withHooks(place, { poststart: [hook(place, "poststart", untilReleased(place, "poststart"))] }),
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ log: logInside("program"), pause });
      await container.create();
      // The program is not to wait for the hook.
      await during(container, "poststart", container.start(), () =>
        container.until("the program, while the poststart hook runs", () =>
          writers(container).includes("program"),
        ),
      );
    },
  }),
  /** As long as a startContainer hook runs, the program has not been executed. */
  "poststart-after-start-container": act({
    clauses: ["hooks.poststart-time", "hooks.start-container-time"],
    change: (place) =>
      withHooks(place, {
        startContainer: [slowStartContainer(place)],
        poststart: [hook(place, "poststart")],
      }),
    run: async (stage) => {
      const { container } = stage;
      stage.ask({ pause });
      await container.create();
      await container.start();
      const before = logged(container).slice(0, writesFrom(container, "poststart"));
      equal("whether the startContainer hook had ended before", before.at(-1)?.ask, "say done");
    },
  }),

  "poststop-before-delete-returns": act({
    clauses: ["hooks.poststop-time"],
    change: (place) => withHooks(place, { poststop: [hook(place, "poststop", [sleep(200), say("done")])] }),
    run: async (stage) => {
      await stage.observe({});
      equal("whether the hook is done when delete returns", logged(stage.container).at(-1)?.ask, "say done");
    },
  }),
  "poststop-after-cgroup": act({
    clauses: ["hooks.poststop-time"],
    needs: [cgroup],
    change: (place) =>
      withHooks(place, { poststop: [hook(place, "poststop", untilReleased(place, "poststop"))] }),
    run: async (stage) => {
      const { container, place } = stage;
      stage.ask({});
      await container.create();
      await container.start();
      await container.ended();
      await during(container, "poststop", container.delete(), () => {
        equal(
          "whether the container's cgroup is still there when the hook runs",
          existsSync(place.cgroupFolder),
          false,
        );
      });
    },
  }),
} satisfies Cases;
