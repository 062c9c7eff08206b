// SPDX-License-Identifier: Apache-2.0

import type { CreateOptions } from "../lib/container/facts.ts";
import { foresee } from "../lib/container/foresee.ts";
import { readJson } from "../lib/json.ts";
import { absolutePath } from "../lib/path.ts";
import { checkShownPlan, type ShownPlan, shownPlan } from "../lib/plan/shown/shown.ts";
import { wording } from "../lib/wording.ts";
import { containerFlags, createOptions } from "./container-flags.ts";
import { type Call, command, type Flags, usageError } from "./flags.ts";

type Name = keyof typeof flags;

const flags = {
  ...containerFlags,
  id: { kind: "string", value: "ID", about: "the container's name", otherwise: "container" },
  run: { kind: "boolean", about: "show what run would do, instead of create" },
  json: { kind: "boolean", about: "print JSON, a step a line, to be kept and compared" },
  diff: {
    kind: "string",
    value: "OTHER",
    about: "show what is done differently for another bundle, or from a plan kept as JSON",
  },
} as const satisfies Flags;

const limit = 16 * 1024 * 1024;

function options(call: Call<Name>): CreateOptions {
  const [word] = call.words;
  if (word !== undefined && call.given("bundle"))
    throw usageError("--bundle and an argument: give one of them");
  const common = createOptions(call);
  const bundle = word === undefined ? common.bundle : absolutePath(call.host.cwd(), word);
  return { ...common, id: call.text("id") ?? "container", bundle };
}

async function planOf(call: Call<Name>, asked: CreateOptions): Promise<ShownPlan> {
  const { plan, missing } = await foresee(call.runtime, asked, call.has("run"));
  const told = missing.map(({ pointer, error }) => ({
    pointer,
    detail: wording(error).replace(` (config.json ${pointer})`, ""),
  }));
  return shownPlan(plan, { id: asked.id, bundle: asked.bundle, missing: told }, call.host.digest);
}

/** A bundle's plan, or one that was kept. */
async function other(call: Call<Name>, asked: CreateOptions, word: string): Promise<ShownPlan> {
  const { host } = call;
  const path = absolutePath(host.cwd(), word);
  if (host.kind(`${path}/.`) === "directory") {
    const { config: _, ...others } = asked;
    return planOf(call, { ...others, bundle: path });
  }
  return checkShownPlan(readJson(host, host.readFile(path, limit)), word);
}

export default command<Name>({
  name: "plan",
  about: "show what create would do, step by step, and do nothing",
  description: [
    "A container is made by three processes. Each step is a system call or a few of them, with its arguments and with what of config.json asks for it; <- is a wait for another process, -> is what one waits for. What this host cannot do is told first, and the plan is as it would be on one that can.",
    "Nothing in it changes from one call to the next, so it can be kept under version control. With --diff the status is 1 when there is a difference. It is 2 when there is no plan.",
  ],
  arguments: [
    { name: "folder", optional: true, about: "folder with config.json; the current folder unless given" },
  ],
  flags,
  failure: 2,
  misuse: 2,
  async run(call) {
    const asked = options(call);
    const plan = await planOf(call, asked);
    const against = call.text("diff");
    if (against !== undefined) {
      const { differenceText } = await import("../lib/plan/shown/difference.ts");
      const difference = differenceText(await other(call, asked, against), plan, against);
      call.host.write(1, difference);
      return difference === "" ? 0 : 1;
    }
    if (call.has("json")) call.host.write(1, (await import("../lib/plan/shown/json.ts")).planJson(plan));
    else call.host.write(1, (await import("../lib/plan/shown/text.ts")).planText(plan));
    return 0;
  },
});
