// SPDX-License-Identifier: Apache-2.0

/** Hooks that are called at the wrong time, in the wrong way or not at all. */

import { basename } from "node:path";
import type { Hook } from "./config.ts";
import { inConfig } from "./faults.ts";
import { callNoted, createWithout, stateAs } from "./host-hooks.ts";
import type { Fault, Mutant } from "./mutant.ts";

type Hooks = Record<string, Hook[]>;

const inHooks = (change: (hooks: Hooks) => unknown): Fault => inConfig(({ hooks }) => hooks && change(hooks));

/** Every hook is another one; undefined leaves it out. */
const inEach = (change: (hook: Hook, kind: string) => Hook | undefined): Fault =>
  inHooks((hooks) => {
    for (const [kind, list] of Object.entries(hooks)) {
      hooks[kind] = list.flatMap((hook) => change(hook, kind) ?? []);
    }
  });

/** Hooks of one kind are called as if they stood at the end of another one's list. */
const moving = (from: string, to: string): Fault =>
  inHooks((hooks) => {
    hooks[to] = [...(hooks[to] ?? []), ...(hooks[from] ?? [])];
    delete hooks[from];
  });

/** The same hook, called by a shell; not for startContainer, where there may be no shell. */
const byShell = (script: string, { path = "", args = [], ...rest }: Hook): Hook => ({
  ...rest,
  path: "/bin/sh",
  args: ["sh", "-c", script, path, ...args.slice(1)],
});

export const hooks: readonly Mutant[] = [
  {
    name: "hooks-reversed",
    about: "The hooks of one kind are called from the last to the first.",
    breaks: ["hooks.order"],
    fault: inHooks((all) => Object.values(all).map((list) => list.reverse())),
  },
  {
    name: "prestart-skipped",
    about: "prestart hooks are not called.",
    breaks: ["hooks.prestart"],
    fault: inHooks((all) => delete all.prestart),
  },
  {
    name: "prestart-last",
    about: "prestart hooks are called after createRuntime hooks.",
    breaks: ["hooks.prestart-first"],
    fault: moving("prestart", "createRuntime"),
  },
  {
    name: "create-container-outside",
    about: "createContainer hooks run in the runtime namespace.",
    breaks: ["hooks.create-container-namespace"],
    fault: moving("createContainer", "createRuntime"),
  },
  {
    name: "create-runtime-inside",
    about: "createRuntime hooks run in the container namespace.",
    breaks: ["hooks.create-runtime-namespace"],
    fault: moving("createRuntime", "createContainer"),
  },
  {
    name: "create-container-path-inside",
    about: "The path of a createContainer hook is looked up in the root filesystem.",
    breaks: ["hooks.create-container-path"],
    fault: inConfig(({ hooks: all }, bundle) => {
      for (const hook of all?.createContainer ?? []) hook.path = `${bundle}/rootfs${hook.path}`;
    }),
  },
  {
    name: "start-container-by-create",
    about: "startContainer hooks are called by create.",
    breaks: ["hooks.start-container-time"],
    fault: moving("startContainer", "createContainer"),
  },
  {
    name: "poststart-by-create",
    about: "poststart hooks are called by create.",
    breaks: ["hooks.poststart-time"],
    fault: moving("poststart", "createRuntime"),
  },
  {
    name: "poststart-before-program",
    about: "poststart hooks are called by start before the program runs, as runc did up to version 1.5.",
    breaks: ["hooks.poststart-time"],
    fault: {
      create: (call) => createWithout("poststart", call),
      start: (call) => {
        const well = callNoted("poststart", call, stateAs("running", call));
        return call.real() || (well ? 0 : 1);
      },
    },
  },
  {
    name: "poststart-failure-ignored",
    about: "start goes on when a poststart hook fails, as the spec had it up to version 1.2.",
    breaks: ["hooks.poststart-failure"],
    fault: {
      create: (call) => createWithout("poststart", call),
      start: (call) => {
        const code = call.real();
        if (code === 0) callNoted("poststart", call, stateAs("running", call));
        return code;
      },
    },
  },
  {
    name: "poststop-skipped",
    about: "poststop hooks are not called.",
    breaks: ["hooks.poststop"],
    fault: inHooks((all) => delete all.poststop),
  },
  {
    name: "poststop-before-delete",
    about: "poststop hooks are called before the container is deleted.",
    breaks: ["hooks.poststop-time"],
    fault: {
      create: (call) => createWithout("poststop", call),
      delete: (call) => {
        callNoted("poststop", call, stateAs("stopped", call));
        return call.real();
      },
    },
  },
  {
    name: "poststop-failure-fatal",
    about:
      "The first poststop hook that fails keeps the others from being called, and is an error of delete.",
    breaks: ["hooks.poststop-failure"],
    fault: {
      create: (call) => createWithout("poststop", call),
      delete: (call) => {
        const state = stateAs("stopped", call);
        const code = call.real();
        return code === 0 && !callNoted("poststop", call, state) ? 1 : code;
      },
    },
  },
  {
    name: "poststop-only-after-delete",
    about: "poststop hooks are not called when create fails because of another hook.",
    breaks: ["hooks.failure-poststop"],
    fault: {
      create: (call) => createWithout("poststop", call),
      delete: (call) => {
        const state = stateAs("stopped", call);
        const code = call.real();
        if (code === 0) callNoted("poststop", call, state);
        return code;
      },
    },
  },
  {
    name: "create-runtime-failure-ignored",
    about: "create goes on when a createRuntime hook fails.",
    breaks: ["hooks.create-runtime-failure"],
    fault: inEach((hook, kind) => (kind === "createRuntime" ? byShell('"$0" "$@"; exit 0', hook) : hook)),
  },
  {
    name: "prestart-failure-ignored",
    about: "create goes on when a prestart hook fails.",
    breaks: ["hooks.prestart-failure"],
    fault: inEach((hook, kind) => (kind === "prestart" ? byShell('"$0" "$@"; exit 0', hook) : hook)),
  },
  {
    name: "hook-timeouts-ignored",
    about: "A hook may take as long as it likes.",
    breaks: ["hooks.timeout"],
    fault: inEach(({ timeout: _, ...hook }) => hook),
  },
  {
    name: "hook-timeout-as-milliseconds",
    about: "The timeout of a hook is taken for milliseconds, so that slow hooks are aborted.",
    breaks: ["hooks.timeout"],
    fault: inEach((hook, kind) =>
      hook.timeout === undefined || kind === "startContainer"
        ? hook
        : byShell(`exec timeout ${hook.timeout / 1000} "$0" "$@"`, hook),
    ),
  },
  {
    name: "hook-timeout-zero-endless",
    about: "A timeout that is not positive means none.",
    breaks: ["hooks.timeout-positive"],
    fault: inEach(({ timeout = 1, ...hook }) => (timeout > 0 ? { ...hook, timeout } : hook)),
  },
  {
    name: "hook-name-from-path",
    about: "The first argument of a hook is not what args says, but the name of its file.",
    breaks: ["hooks.args"],
    fault: inEach((hook) =>
      hook.args ? { ...hook, args: [basename(hook.path ?? ""), ...hook.args.slice(1)] } : hook,
    ),
  },
  {
    name: "hook-env-completed",
    about: "Hooks have a PATH although their env has none.",
    breaks: ["hooks.env"],
    fault: inEach((hook) => ({ ...hook, env: [...(hook.env ?? []), "PATH=/usr/sbin:/usr/bin:/sbin:/bin"] })),
  },
  {
    name: "hook-state-missing",
    about: "Hooks find nothing on their standard input.",
    breaks: ["hooks.state"],
    fault: inEach((hook, kind) =>
      kind === "startContainer" ? hook : byShell('exec "$0" "$@" </dev/null', hook),
    ),
  },
  {
    name: "hook-state-early",
    about: "The state that hooks of create are given says created already, as crun's does.",
    breaks: ["state.creating"],
    fault: inEach((hook, kind) =>
      kind === "startContainer" ? hook : byShell(`sed 's/"creating"/"created"/' | "$0" "$@"`, hook),
    ),
  },
  {
    name: "hook-state-without-pid",
    about: "The state that hooks are given has the pid 0.",
    breaks: ["state.pid-runtime-hooks"],
    fault: inEach((hook, kind) =>
      kind === "startContainer" ? hook : byShell(`sed -E 's/("pid": *)[0-9]+/\\10/' | "$0" "$@"`, hook),
    ),
  },
  {
    name: "hooks-called-twice",
    about: "createRuntime hooks are called twice.",
    breaks: ["hooks.create-runtime", "hooks.order"],
    fault: inHooks((all) => {
      if (all.createRuntime) all.createRuntime = [...all.createRuntime, ...all.createRuntime];
    }),
  },
  {
    name: "hook-without-path-skipped",
    about: "A hook without an absolute path is passed over.",
    breaks: ["hooks.path"],
    fault: inEach((hook) => (hook.path?.startsWith("/") ? hook : undefined)),
  },
];
