// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Process } from "../config/types.ts";
import { unmatched } from "./conversation.ts";
import { createPlan } from "./create.ts";
import type { Facts } from "./facts.ts";
import { factsOf } from "./fixtures/facts.ts";
import { startAtOnce } from "./start.ts";
import type { Plan, Step } from "./step.ts";

type Asked = Pick<Process, "scheduler" | "ioPriority" | "rlimits">;
const both: Asked = {
  scheduler: { policy: "SCHED_FIFO", priority: 7 },
  ioPriority: { class: "IOPRIO_CLASS_RT", priority: 3 },
};
const mapping = [{ containerID: 0, hostID: 100000, size: 65536 }];

function planOf(asked: Asked, user: boolean, more: Partial<Facts> = {}): Plan {
  return createPlan(
    factsOf(
      {
        ociVersion: "1.3.0",
        root: { path: "rootfs" },
        process: { cwd: "/", args: ["sh"], ...asked },
        hooks: { startContainer: [{ path: "/hook" }] },
        linux: {
          namespaces: [{ type: "pid" }, { type: "mount" }, ...(user ? [{ type: "user" } as const] : [])],
          ...(user && { uidMappings: mapping, gidMappings: mapping }),
        },
      },
      more,
    ),
  );
}

const mine: readonly string[] = ["setScheduler", "setIoPriority"];
const ofScheduling = (steps: readonly Step[]) => steps.map(({ op }) => op).filter((op) => mine.includes(op));
const places = (steps: readonly Step[], ...order: readonly Step["op"][]) =>
  order.map((op) => steps.findLastIndex((step) => step.op === op));

function inOrder(steps: readonly Step[], ...order: readonly Step["op"][]): void {
  const found = places(steps, ...order);
  assert.not(found.includes(-1), order.join(" "));
  assert.equal(
    found,
    [...found].sort((a, b) => a - b),
  );
}

test("the numbers are those of the kernel, and what is not given is 0", () => {
  const [first] = planOf(
    {
      scheduler: {
        policy: "SCHED_DEADLINE",
        flags: ["SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN"],
        runtime: 2000,
        deadline: 9007199254740993n,
      },
    },
    false,
  ).init.filter(({ op }) => op === "setScheduler");
  assert.equal(first, {
    op: "setScheduler",
    from: "/process/scheduler",
    policy: 6,
    flags: 6 | 1, // SCHED_FLAG_RESET_ON_FORK, for the hook
    nice: 0,
    priority: 0,
    runtime: 2000,
    deadline: 9007199254740993n,
    period: 0,
  });
});

test("class and priority of I/O are one number", () => {
  const steps = planOf({ ioPriority: { class: "IOPRIO_CLASS_BE", priority: 6 } }, false).init;
  const step = steps.find(({ op }) => op === "setIoPriority");
  assert.is(step?.op === "setIoPriority" && step.priority, (2 << 13) | 6);
});

test("init schedules itself: after its limits, before its rights are gone, and so before its hooks", () => {
  const { runtime, init } = planOf(
    { ...both, rlimits: [{ type: "RLIMIT_RTPRIO", soft: 9, hard: 9 }] },
    false,
  );
  assert.equal(ofScheduling(runtime), []);
  inOrder(init, "awaitStart", "setRlimit", "setScheduler", "setIoPriority", "setUser", "runHook");
});

test("without root init schedules itself in its user namespace, too", () => {
  const { runtime, init } = planOf(both, true, { privileged: false, uid: 1000, idMapHelpers: ["u", "g"] });
  assert.equal(ofScheduling(runtime), []);
  assert.equal(ofScheduling(init), mine);
});

test("over a user namespace only the runtime's rights count, and init waits for it, with create and with run", () => {
  for (const startsAtOnce of [false, true]) {
    const plan = planOf(both, true, { startsAtOnce });
    assert.equal(ofScheduling(plan.init), []);
    const prepared = plan.runtime.findIndex((step) => step.op === "wait" && step.event === "prepared");
    const [scheduler = -1, priority = -1, recorded = -1] = places(
      plan.runtime,
      "setScheduler",
      "setIoPriority",
      "recordProcess",
    );
    assert.ok(prepared >= 0 && prepared < scheduler && scheduler < priority && priority < recorded);
    const state = { id: "c", bundle: "/b", annotations: undefined };
    const runtime = startsAtOnce
      ? [...plan.runtime, ...startAtOnce({ state, hooks: undefined, listener: undefined })]
      : plan.runtime;
    assert.equal(unmatched({ ...plan, runtime }), []);
  }
});

test("a container that asks for nothing has no such step", () => {
  for (const user of [false, true]) {
    const { runtime, init } = planOf({}, user);
    assert.equal(ofScheduling([...runtime, ...init]), []);
  }
});

test.run();
