// SPDX-License-Identifier: Apache-2.0

import { machine } from "node:os";
import { act, type Case, type Cases, type Change } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, Skip } from "../../expect.ts";
import { namesIn } from "../../instruments/structure.ts";
import { rules, startAgent, subject } from "../../instruments/syscall-filter.ts";
import { kernel } from "../../needs.ts";
import { security } from "../../questions.ts";
import type { JsonObject } from "../../stage/pointer.ts";
import type { Stage } from "../../stage/stage.ts";

const withRule = (properties: JsonObject = {}): Change =>
  rules({ names: [subject], action: "SCMP_ACT_ERRNO", ...properties });

/** The config that has a name in it. */
type Filter = (name: string, stage: Stage) => Change | Promise<Change>;

/** For each name that the features list in one place: a container runs with a filter that has it. */
const each = (clause: ClauseId, pointer: string, filter: Filter, choose?: (name: string) => boolean): Case =>
  act({
    clauses: [clause],
    // By then the kernel knows all actions and flags that the spec does.
    needs: [kernel(5, 19)],
    run: async (stage) => {
      const names = (await namesIn(stage, pointer)).filter(choose ?? (() => true));
      if (names.length === 0)
        throw new Skip(`the features list nothing in ${pointer} that can be tried here`);
      for (const name of names) {
        const container = stage.another(await filter(name, stage));
        const seen = await stage.observe({ security }, container);
        equal(`mode of seccomp with ${name}`, seen.security.seccomp, 2);
      }
    },
  });

async function notified(stage: Stage): Promise<Change> {
  const { socket } = await startAgent(stage, "continue");
  return { ...withRule({ action: "SCMP_ACT_NOTIFY" }), "/linux/seccomp/listenerPath": socket };
}

const waitKillable = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV";
const withFlag: Filter = async (flag, stage) => ({
  // It is about the waiting for an agent.
  ...(flag === waitKillable ? await notified(stage) : withRule()),
  "/linux/seccomp/flags": [flag],
});

/** A filter for another processor may be beyond what a runtime supports of the names that it recognizes. */
const archsOf: Readonly<Record<string, readonly string[]>> = {
  x86_64: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  aarch64: ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
  riscv64: ["SCMP_ARCH_RISCV64"],
  ppc64le: ["SCMP_ARCH_PPC64LE"],
  s390x: ["SCMP_ARCH_S390X", "SCMP_ARCH_S390"],
  loongarch64: ["SCMP_ARCH_LOONGARCH64"],
};

const operand = { index: 1, value: 1, valueTwo: 1 };

export default {
  actions: each("features.seccomp-actions", "/linux/seccomp/actions", (action, stage) =>
    action === "SCMP_ACT_NOTIFY" ? notified(stage) : withRule({ action }),
  ),
  operators: each("features.seccomp-operators", "/linux/seccomp/operators", (op) =>
    withRule({ args: [{ ...operand, op }] }),
  ),
  archs: each(
    "features.seccomp-archs",
    "/linux/seccomp/archs",
    (arch) => ({ ...withRule(), "/linux/seccomp/architectures": [arch] }),
    (arch) => archsOf[machine()]?.includes(arch) ?? false,
  ),
  "supported-flags": each("features.seccomp-supported-flags", "/linux/seccomp/supportedFlags", withFlag),
  /** Those that are not supported as well may be refused, as if they were unknown. */
  "known-flags": act({
    clauses: ["features.seccomp-known-flags"],
    run: async (stage) => {
      const known = await namesIn(stage, "/linux/seccomp/knownFlags");
      const supported = await namesIn(stage, "/linux/seccomp/supportedFlags");
      equal(
        "supported flags that are not known",
        supported.filter((flag) => !known.includes(flag)),
        [],
      );
    },
  }),
} satisfies Cases;
