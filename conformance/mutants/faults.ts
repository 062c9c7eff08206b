// SPDX-License-Identifier: Apache-2.0

/** The ways to be wrong that several mutants share. */

import { readFileSync } from "node:fs";
import type { Call } from "./call.ts";
import { type Config, parseConfig, whileChanged } from "./config.ts";
import type { Fault } from "./mutant.ts";

const never = undefined;

/** create obeys another config than the one of the bundle. */
export const inConfig = (change: (config: Config, bundle: string) => unknown): Fault => ({
  create: (call) =>
    whileChanged(
      call.bundle,
      (config, bundle) => {
        change(config, bundle);
        return never;
      },
      () => call.real(),
    ),
});

/** The config as it stands in the bundle; undefined when it cannot be read. */
export function configOf({ bundle }: Pick<Call, "bundle">): Config | undefined {
  try {
    return parseConfig(readFileSync(`${bundle}/config.json`, "utf8"));
  } catch {
    return undefined;
  }
}

export function say(words: string): void {
  process.stderr.write(`${words}\n`);
}

/** create refuses configs that are right. */
export const refuse = (when: (config: Config, call: Call) => boolean): Fault => ({
  create: (call) => {
    const config = configOf(call);
    if (!config || !when(config, call)) return call.real();
    say("this config is refused");
    return 1;
  },
});

/** After a successful create; `root` is the container's root directory. */
export const afterCreate = (deed: (root: string, call: Call, pid: number) => void): Fault => ({
  create: (call) => {
    const code = call.real();
    const state = code === 0 ? call.state() : undefined;
    if (state) deed(`/proc/${state.pid}/root`, call, state.pid);
    return code;
  },
});

/** After a successful delete. */
export const afterDelete = (deed: (call: Call) => void): Fault => ({
  delete: (call) => {
    const code = call.real();
    if (code === 0) deed(call);
    return code;
  },
});

/** What a command prints says something else; `change` may also return the text to print. */
export const inOutput = (verb: string, change: (printed: Record<string, unknown>) => unknown): Fault => ({
  [verb]: (call) => {
    const { code, out } = call.catch();
    // Without an answer of its own to change it is for the real one to say what is wrong.
    if (code !== 0) return call.real();
    const printed: Record<string, unknown> = JSON.parse(out);
    const text = change(printed);
    process.stdout.write(typeof text === "string" ? text : JSON.stringify(printed));
    return 0;
  },
});

type Verb = "state" | "start" | "kill" | "delete";

/** A command says that all is well, and does nothing, when the container (undefined: there is none) is so. */
export const contentWhen = (
  verb: Verb,
  when: (status: string | undefined, call: Call) => boolean,
): Fault => ({
  [verb]: (call) => (when(call.state()?.status, call) ? 0 : call.real()),
});

const verbs = ["create", "start", "state", "kill", "delete"];

/** The same for every operation. */
export const inAll = (deed: (call: Call) => number): Fault =>
  Object.fromEntries(verbs.map((verb) => [verb, deed]));
