// SPDX-License-Identifier: Apache-2.0

import type { Annotations, Hook } from "../config/types.ts";
import { specVersion } from "../version.ts";
import { askedEnvironment, environment } from "./environment.ts";
import type { Facts } from "./facts.ts";
import type { Step } from "./step.ts";

export type HookKind =
  | "prestart"
  | "createRuntime"
  | "createContainer"
  | "startContainer"
  | "poststart"
  | "poststop";

/** What a hook is told of the container; runtime.md#state. */
export interface HookState {
  readonly id: string;
  readonly bundle: string;
  readonly annotations: Annotations | undefined;
}

export function stateOf({ id, bundle, config }: Facts): HookState {
  return { id, bundle, annotations: config.annotations };
}

/** The state on a hook's stdin, up to the pid, which is known only when the hook runs. */
export function hookStateText(state: HookState, status: string): string {
  const { id, bundle, annotations } = state;
  const text = JSON.stringify({ ociVersion: specVersion, id, status, bundle, annotations });
  return `${text.slice(0, -1)},"pid":`;
}

/**
 * Outside of the container a hook without an environment gets an empty one: what the engine has in its own, such as LD_PRELOAD taken
 * from an image, has led to code of the image running on the host (CVE-2025-23266).
 */
export function hookSteps(
  hooks: readonly Hook[] | undefined,
  kind: HookKind,
  state: HookState,
  status: string,
): readonly Step[] {
  return (hooks ?? []).map((hook, i) => ({
    op: "runHook",
    from: `/hooks/${kind}/${i}`,
    path: hook.path,
    args: hook.args ?? [],
    env: hook.env ?? [],
    timeout: hook.timeout ?? 0,
    state: hookStateText(state, status),
    // runtime.md#lifecycle: a failing poststop hook is a warning, and the rest go on
    optional: kind === "poststop" ? 1 : 0,
  }));
}

/**
 * Inside the container, where the image may be what is run: with the program's user, capabilities, label and filter, as
 * with runc, and its environment where they have none.
 */
export function startHooks(facts: Facts): readonly Step[] {
  const { hooks, process } = facts.config;
  const listed = hooks?.startContainer;
  if (!listed) return [];
  const env = process ? environment(facts, askedEnvironment(process)) : [];
  return hookSteps(
    listed.map((hook) => ({ env, ...hook })),
    "startContainer",
    stateOf(facts),
    "created",
  );
}
