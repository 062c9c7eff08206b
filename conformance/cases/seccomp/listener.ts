// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from "node:timers/promises";
import { act, type Cases, observe, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, holds, present } from "../../expect.ts";
import { observeOrSkip } from "../../instruments/optional.ts";
import {
  type Agent,
  givesErrno,
  isMade,
  marked,
  rule,
  rules,
  sentState,
  splice,
  startAgent,
} from "../../instruments/syscall-filter.ts";
import { kernel } from "../../needs.ts";
import { pause } from "../../questions.ts";
import type { Container } from "../../stage/container.ts";
import type { JsonObject } from "../../stage/pointer.ts";
import { ending } from "../../stage/runtime.ts";
import type { Stage } from "../../stage/stage.ts";

type Clauses = readonly [ClauseId, ...ClauseId[]];

const notified = rule({ action: "SCMP_ACT_NOTIFY", errnoRet: undefined });

/** The agent listens, and the filter of the container sends it every call of the subject. */
async function arrange(stage: Stage, more: JsonObject = {}, ...answer: readonly string[]): Promise<Agent> {
  const agent = await startAgent(stage, ...answer);
  stage.container.change(rules(notified), { "/linux/seccomp/listenerPath": agent.socket }, more);
  return agent;
}

const answered = (clauses: Clauses, more: JsonObject = {}) =>
  act({
    clauses,
    run: async (stage) => {
      const agent = await arrange(stage, more, "errno", `${marked.number}`);
      const { seen } = await stage.observe({ seen: splice(99) });
      givesErrno("the call that the agent answered", seen, marked.name);
      equal("how many calls the agent got", agent.lines().filter((line) => "syscall" in line).length, 1);
    },
  });

type Judge = (state: JsonObject, container: Container, delivery: JsonObject) => void;

/** Looks at what a container that pauses has sent. */
const sent = (clauses: Clauses, judge: Judge, more: JsonObject = {}) =>
  act({
    clauses,
    run: async (stage) => {
      const agent = await arrange(stage, more);
      await stage.begin({});
      await stage.container.until("the state at the listener", () => agent.delivery() !== undefined);
      const delivery = present("the state", agent.delivery());
      judge(sentState(delivery), stage.container, delivery);
    },
  });

const metadata = 'MKNOD=/dev/null,/dev/net/tun;quote=" and \\ and \n and ü';

/** A runtime loads the filter, and sends the state, while it creates the container or when it starts it. */
const sentAtItsTime = (more: JsonObject) =>
  act({
    clauses: ["seccomp.state-state"],
    change: { "/annotations": { "org.example.key": "value" } },
    run: async (stage) => {
      const { container, place } = stage;
      const agent = await arrange(stage, more);
      stage.ask({ pause });
      await container.create();
      // The agent may be a little slower than the runtime that wrote to it.
      for (let i = 0; i < 20 && !agent.delivery(); i++) await sleep(50);
      const status = agent.delivery() ? "creating" : "created";
      await container.start();
      await container.until("the state at the listener", () => agent.delivery() !== undefined);
      const { state } = sentState(present("the state", agent.delivery()));
      holds("state", state, "an object", typeof state === "object" && state !== null);
      const { ociVersion, ...rest } = state as JsonObject;
      holds("ociVersion of state", ociVersion, "a version", /^\d+\.\d+\.\d+/.test(String(ociVersion)));
      const annotations = { "org.example.key": "value" };
      const wanted = { id: container.id, pid: container.pid, bundle: place.bundle, annotations, status };
      const seen = Object.fromEntries(Object.keys(wanted).map((name) => [name, rest[name]]));
      equal(
        `state, which came ${status === "creating" ? "before" : "after"} the end of create`,
        seen,
        wanted,
      );
    },
  });

/** No such socket: create or start must say so, and the program must not run. */
const unreachable = act({
  clauses: ["seccomp.listener-failure"],
  change: ({ scratch }) => ({ ...rules(notified), "/linux/seccomp/listenerPath": `${scratch}/nobody` }),
  run: async (stage) => {
    const { container } = stage;
    stage.ask({ seen: splice(99) });
    const created = await container.tryCreate();
    const failed = created.code === 0 ? await container.try("start") : created;
    holds("create, or else start", ending(failed), "an error", failed.code !== 0);
    holds("what it says", failed.err, "a message", failed.err.trim() !== "");
    equal("what the program wrote", container.lines, []);
  },
});

export default {
  errno: answered(["seccomp.action-notify", "seccomp.listener", "seccomp.listener-fd"]),
  "with-new-privileges": answered(["seccomp.listener", "seccomp.listener-fd"], {
    "/process/noNewPrivileges": false,
  }),
  continue: act({
    clauses: ["seccomp.action-notify", "seccomp.listener-fd"],
    run: async (stage) => {
      const agent = await arrange(stage, {}, "continue");
      const { seen } = await stage.observe({ seen: splice(99) });
      isMade("the call that the agent let go on", seen);
      equal("how many calls the agent got", agent.lines().filter((line) => "syscall" in line).length, 1);
    },
  }),
  "wait-killable-recv": act({
    clauses: ["seccomp.flags", "seccomp.action-notify"],
    needs: [kernel(5, 19)],
    run: async (stage) => {
      const flags = { "/linux/seccomp/flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] };
      await arrange(stage, flags, "errno", `${marked.number}`);
      const asked = { seen: splice(99) };
      const { seen } = await observeOrSkip(stage, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", asked);
      givesErrno("the call that the agent answered", seen, marked.name);
    },
  }),
  // The agent of the suite reads until the end of the connection before it does anything.
  "one-state": sent(
    ["seccomp.listener-one-state", "seccomp.listener-closed", "seccomp.state-json"],
    (state) => {
      holds(
        "names in what came",
        Object.keys(state),
        "pid and state among them",
        "pid" in state && "state" in state,
      );
    },
  ),
  version: sent(["seccomp.state-version"], ({ ociVersion }) => {
    holds("ociVersion", ociVersion, "a version", /^\d+\.\d+\.\d+/.test(String(ociVersion)));
  }),
  fds: sent(
    ["seccomp.state-fds", "seccomp.state-fds-first", "seccomp.listener-fd"],
    ({ fds }, _container, delivery) => {
      holds("fds", fds, "a list with seccompFd in it", Array.isArray(fds) && fds.includes("seccompFd"));
      equal("how many descriptors came with the first message", delivery.fds, fds.length);
      equal("how many came later", delivery.laterFds, 0);
    },
  ),
  pid: sent(["seccomp.state-pid"], ({ pid }, container) => equal("pid", pid, container.pid)),
  metadata: sent(["seccomp.listener-metadata"], (state) => equal("metadata", state.metadata, metadata), {
    "/linux/seccomp/listenerMetadata": metadata,
  }),
  "no-metadata": sent(["seccomp.state-metadata"], (state) => {
    holds("metadata", state.metadata, "nothing", state.metadata === undefined || state.metadata === "");
  }),
  state: sentAtItsTime({}),
  "state-with-new-privileges": sentAtItsTime({ "/process/noNewPrivileges": false }),
  unreachable,
  ignored: observe({
    clauses: ["seccomp.listener-ignored"],
    change: ({ scratch }) => ({ ...rules(rule()), "/linux/seccomp/listenerPath": `${scratch}/nobody` }),
    ask: { seen: splice() },
    expect: ({ seen }) => givesErrno("a call", seen, marked.name),
  }),
  "metadata-alone": refuse({
    clauses: ["seccomp.listener-metadata-alone"],
    change: { ...rules(rule()), "/linux/seccomp/listenerMetadata": "text" },
  }),
  "errno-refused": act({
    clauses: ["seccomp.errno-refused"],
    run: async (stage) => {
      const agent = await startAgent(stage);
      const entry = rule({ action: "SCMP_ACT_NOTIFY" });
      stage.container.change(rules(entry), { "/linux/seccomp/listenerPath": agent.socket });
      await stage.expectRefusal("create");
    },
  }),
} satisfies Cases;
