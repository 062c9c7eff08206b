// SPDX-License-Identifier: Apache-2.0

/** Runs one case from its stage's setting-up to its clearing, and says how it went. */

import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { performance } from "node:perf_hooks";
import type { Case } from "../case.ts";
import { Mismatch, Skip } from "../expect.ts";
import { type Setting, Stage } from "../stage/stage.ts";
import type { CaseResult } from "./result.ts";

type Verdict = Pick<CaseResult, "outcome" | "reason" | "failures" | "leaks">;

function failed(error: unknown): Verdict {
  if (error instanceof Skip) return { outcome: "skip", reason: error.message };
  if (error instanceof Mismatch) {
    const { what, expected, seen } = error;
    return { outcome: "fail", failures: [{ what, expected, seen }] };
  }
  // A fault of the case itself, or of the host; never silently a pass.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { outcome: "fail", failures: [{ what: "the case itself", expected: "no error", seen: text }] };
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const expected = `to end within ${seconds} s`;
    timer = setTimeout(() => reject(new Mismatch("the case", expected, "it went on")), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function play(stage: Stage, { run }: Case, seconds: number): Promise<Verdict> {
  try {
    await within(
      seconds,
      (async () => {
        await run(stage);
        await stage.finish();
      })(),
    );
    const leaks = await stage.leaks();
    return leaks.length === 0 ? { outcome: "pass" } : { outcome: "fail", leaks: [...leaks] };
  } catch (error) {
    return failed(error);
  }
}

/** A copy for reproduction, on a file system that outlives the worker. */
function keepBundle(from: string, to: string): string | undefined {
  if (!existsSync(`${from}/config.json`)) return undefined;
  mkdirSync(to, { recursive: true });
  // Sockets, fifos and devices in a rootfs are not copied; what explains a failure is config.json.
  const isPlain = (path: string) => !/\/(dev|proc|sys)\//.test(path.slice(from.length));
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, force: true, filter: isPlain });
  return to;
}

function tryToKeep(from: string, to: string): string | undefined {
  try {
    return keepBundle(from, to);
  } catch {
    return `${to} (incomplete)`;
  }
}

const shortened = (text: string) => (text.length > 2000 ? `${text.slice(0, 2000)}…` : text);

/** `folder` is emptied afterwards; the bundle of a failure is kept in `keep`. */
export async function judge(
  name: string,
  wanted: Case,
  setting: Setting,
  folder: string,
  keep: string,
): Promise<CaseResult> {
  const { clauses, needs = [] } = wanted.property;
  const start = performance.now();
  const result = (verdict: Partial<CaseResult> & Verdict): CaseResult => ({
    name,
    clauses: [...clauses],
    ...verdict,
    milliseconds: Math.round((performance.now() - start) * 10) / 10,
  });
  const reason = needs.map((need) => need(setting.host)).find((missing) => missing !== undefined);
  if (reason !== undefined) return result({ outcome: "skip", reason });

  setting.reaps.forget();
  let stage: Stage;
  try {
    stage = new Stage(setting, folder, basename(folder), wanted.property);
  } catch (error) {
    return result(failed(error));
  }
  const verdict = await play(stage, wanted, setting.seconds * 6);
  const details =
    verdict.outcome !== "fail"
      ? {}
      : {
          bundle: tryToKeep(stage.place.bundle, keep),
          commands: stage.runtime.history.map(({ command }) => command),
          said: shortened(stage.runtime.history.map(({ err }) => err).join("")),
        };
  await stage.clear();
  const { bundle, ...rest } = { bundle: undefined, ...details };
  const judged = result({ ...verdict, ...rest, ...(bundle === undefined ? {} : { bundle }) });
  rmSync(folder, { recursive: true, force: true });
  return judged;
}
