// SPDX-License-Identifier: Apache-2.0

/** Is it a runtime at all, and can it run the base config here? Else there is nothing to judge. */

import { mkdirSync, rmSync } from "node:fs";
import * as v from "valibot";
import { Mismatch } from "../expect.ts";
import { namespaces } from "../questions.ts";
import { ending, Runtime } from "../stage/runtime.ts";
import { type Setting, Stage } from "../stage/stage.ts";

export const preflightResult = v.object({ version: v.string(), trouble: v.optional(v.string()) });
export type PreflightResult = v.InferOutput<typeof preflightResult>;

async function tryContainer(setting: Setting, folder: string): Promise<string | undefined> {
  const stage = new Stage(setting, folder, "preflight", {});
  try {
    const { container } = stage;
    stage.ask({ namespaces });
    await container.create();
    await container.state();
    await container.start();
    await container.ended();
    if (container.lines.length === 0)
      throw new Mismatch("the container", "to run its program", container.end);
    await container.delete();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await stage.clear();
  }
}

export async function preflight(setting: Setting, folder: string): Promise<PreflightResult> {
  mkdirSync(folder, { recursive: true });
  const runtime = new Runtime(setting.command, folder, setting.seconds);
  const answer = await runtime.plainCall(["--version"]);
  const version = (answer.out.trim() || answer.err.trim()).split("\n")[0]?.slice(0, 200) ?? "";
  if (answer.code !== 0) return { version, trouble: `--version: ${ending(answer)}` };
  if (version === "") return { version, trouble: "--version printed nothing" };
  const trouble = await tryContainer(setting, `${folder}/container`);
  rmSync(folder, { recursive: true, force: true });
  return trouble === undefined
    ? { version }
    : { version, trouble: `it cannot run the simplest container: ${trouble}` };
}
