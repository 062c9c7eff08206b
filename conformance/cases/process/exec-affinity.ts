// SPDX-License-Identifier: Apache-2.0

import { readFileSync, writeFileSync } from "node:fs";
import { act, type Case, type Cases, type Need, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, holds } from "../../expect.ts";
import { kernel } from "../../needs.ts";
import { scheduling } from "../../questions.ts";
import { collectAnswers, parseLines } from "../../stage/answers.ts";
import type { Container } from "../../stage/container.ts";
import { changed } from "../../stage/pointer.ts";
import { ending } from "../../stage/runtime.ts";

/** The processors that we may use, and so whatever we start: "0-3,7". */
function ownProcessors(): readonly number[] {
  const list = readFileSync("/proc/self/status", "utf8").match(/^Cpus_allowed_list:\s*(.+)$/m)?.[1] ?? "0";
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}
const own = ownProcessors();
const [first = 0] = own;
const last = own.at(-1) ?? first;
const several: Need = () => (own.length > 1 ? undefined : "there is only one processor");

/** exec is no operation of the spec, but what this property is about; its process is that of the config. */
function exec({ place, config, ...container }: Container) {
  const process = changed(config, { "/process/args": ["/probe", scheduling.ask] }).process;
  writeFileSync(`${place.scratch}.exec.json`, JSON.stringify(process));
  return container.runtime.call(["exec", "--process", `${place.scratch}.exec.json`, container.id]);
}

const executed = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  affinity: object,
  needs: readonly Need[],
): Case =>
  act({
    clauses,
    needs: [several, ...needs],
    change: { "/process/execCPUAffinity": affinity },
    run: async (stage) => {
      await stage.begin({ scheduling });
      const result = await exec(stage.container);
      equal("exec", ending({ ...result, out: "" }), "exit code 0");
      const seen = collectAnswers({ scheduling }, parseLines(result.out), ending(result)).scheduling;
      equal("processors", seen.processors, [last]);
    },
  });

/** Refused at the latest when it would have an effect; a runtime that cannot execute anything does not count. */
const refused = (affinity: object): Case =>
  act({
    clauses: ["process.exec-affinity-invalid"],
    change: { "/process/execCPUAffinity": affinity },
    run: async (stage) => {
      const { container } = stage;
      container.change({ "/process/args": ["/probe", "pause"] });
      if ((await container.tryCreate()).code !== 0) return;
      if ((await container.try("start")).code !== 0) return;
      const refusal = await exec(container);
      holds("exec", ending(refusal), "an error (exit code other than 0)", refusal.code !== 0);
      const control = stage.another();
      await stage.begin({ scheduling }, control);
      equal("exec without execCPUAffinity", ending({ ...(await exec(control)), out: "" }), "exit code 0");
    },
  });

export default {
  init: observe({
    clauses: ["process.exec-affinity-init"],
    needs: [several],
    change: { "/process/execCPUAffinity": { initial: String(last), final: String(last) } },
    ask: { scheduling },
    expect: (seen) => equal("processors", seen.scheduling.processors, own),
  }),
  final: executed(["process.exec-affinity-final"], { initial: String(first), final: String(last) }, []),
  "final-range": executed(["process.exec-affinity-final"], { final: `${last}-${last},${last}` }, []),
  // Before Linux 6.2 a cpuset forgets what a process has asked for.
  initial: executed(
    ["process.exec-affinity-unset", "process.exec-affinity-initial"],
    { initial: String(last) },
    [kernel(6, 2)],
  ),
  "initial-final-empty": executed(
    ["process.exec-affinity-unset", "process.exec-affinity-initial"],
    { initial: String(last), final: "" },
    [kernel(6, 2)],
  ),
  "final-invalid": refused({ final: "zero" }),
  "initial-invalid": refused({ initial: "1-" }),
} satisfies Cases;
