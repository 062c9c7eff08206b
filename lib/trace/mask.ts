// SPDX-License-Identifier: Apache-2.0

/** The configuration as a trace shows it, with everything in its place: no values of variables, no passwords. */

import type { Config, Hook } from "../config/types.ts";

/** Of "NAME=VALUE" the name. */
function nameOf(variable: string): string {
  const equals = variable.indexOf("=");
  return equals < 0 ? variable : `${variable.slice(0, equals)}=***`;
}

/** Options of network file systems; native/trace_events.c has the same. */
const secret = /^(pass|passwd|password|password2|secret|key)=/i;

const maskedHook = (hook: Hook): Hook => (hook.env ? { ...hook, env: hook.env.map(nameOf) } : hook);

function maskedHooks(hooks: NonNullable<Config["hooks"]>): NonNullable<Config["hooks"]> {
  return Object.fromEntries(Object.entries(hooks).map(([kind, list]) => [kind, list?.map(maskedHook)]));
}

export function maskedConfig(config: Config): Config {
  const { process, hooks, mounts } = config;
  return {
    ...config,
    ...(process?.env && { process: { ...process, env: process.env.map(nameOf) } }),
    ...(hooks && { hooks: maskedHooks(hooks) }),
    ...(mounts && {
      mounts: mounts.map(({ options, ...mount }) => ({
        ...mount,
        ...(options && { options: options.map((one) => (secret.test(one) ? nameOf(one) : one)) }),
      })),
    }),
  };
}
