// SPDX-License-Identifier: Apache-2.0

/** Takes hooks away from the real runtime, and calls them at another time. */

import { spawnSync } from "node:child_process";
import type { Call } from "./call.ts";
import { type Config, type Hook, whileChanged } from "./config.ts";

/** create without the hooks of this kind, which are noted. */
export function createWithout(kind: string, call: Call): number {
  const take = ({ hooks }: Config) => {
    call.note(kind, JSON.stringify(hooks?.[kind] ?? []));
    delete hooks?.[kind];
    return undefined;
  };
  return whileChanged(call.bundle, take, () => call.real());
}

/** What a hook is told at this time. */
export const stateAs = (status: string, call: Call): string => JSON.stringify({ ...call.state(), status });

function run({ path = "", args = [path], env = [] }: Hook, state: string): boolean {
  const pairs = env.map((entry) => [entry.split("=")[0] ?? "", entry.slice(entry.indexOf("=") + 1)]);
  const [argv0 = path, ...words] = args;
  const options = { argv0, env: Object.fromEntries(pairs), input: state, stdio: ["pipe", 1, 2] as const };
  return spawnSync(path, words, { ...options, stdio: [...options.stdio] }).status === 0;
}

/** Calls the noted hooks, each with the state; whether all of them went well. Stops at the first that did not. */
export function callNoted(kind: string, call: Call, state: string): boolean {
  const hooks: readonly Hook[] = JSON.parse(call.noted(kind) ?? "[]");
  return hooks.every((hook) => run(hook, state));
}
