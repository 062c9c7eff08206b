// SPDX-License-Identifier: Apache-2.0

/** The program's environment; config.md#process. */

import type { Process } from "../config/types.ts";
import type { Facts } from "./facts.ts";
import { notifyVariable } from "./notify.ts";

const home = "HOME=";

/**
 * What config.json asks for. Of a name that is there twice the last one counts, as with runc: getenv(3) takes the
 * first, shells the last. An empty HOME is none, which is what engines mean by it.
 */
export function askedEnvironment({ env = [] }: Process): readonly string[] {
  const byName = new Map<string, string>();
  for (const variable of env) {
    const name = variable.slice(0, variable.indexOf("="));
    byName.delete(name);
    byName.set(name, variable);
  }
  const last = byName.size === env.length ? env : [...byName.values()];
  return last.includes(home) ? last.filter((variable) => variable !== home) : last;
}

export const hasHome = (env: readonly string[]): boolean => env.some((variable) => variable.startsWith(home));

/** HOME comes last, where init fills it in; the sockets' process is the container's first. */
export function environment({ listenFds, notify }: Facts, env: readonly string[]): readonly string[] {
  const sockets = listenFds > 0 ? [`LISTEN_FDS=${listenFds}`, "LISTEN_PID=1"] : [];
  const own = notify === undefined ? env : env.filter((variable) => !variable.startsWith("NOTIFY_SOCKET="));
  const tells = notify === undefined ? [] : [notifyVariable];
  return [...own, ...sockets, ...tells, ...(hasHome(env) ? [] : [`${home}/`])];
}
