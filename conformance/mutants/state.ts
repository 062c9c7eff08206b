// SPDX-License-Identifier: Apache-2.0

/** A state that is not what it should be. */

import { basename } from "node:path";
import { configOf, inOutput } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

const inState = (change: (state: Record<string, unknown>) => unknown): Fault => inOutput("state", change);

const statusAs = (names: Readonly<Record<string, string>>) =>
  inState((state) => {
    state.status = names[String(state.status)] ?? state.status;
  });

export const state: readonly Mutant[] = [
  {
    name: "state-created-as-running",
    about: "state calls a created container running.",
    breaks: ["state.created"],
    fault: statusAs({ created: "running" }),
  },
  {
    name: "state-running-as-created",
    about: "state calls a running container created.",
    breaks: ["state.running"],
    fault: statusAs({ running: "created" }),
  },
  {
    name: "state-stopped-as-running",
    about: "state does not notice that the process has ended.",
    breaks: ["state.stopped"],
    fault: statusAs({ stopped: "running" }),
  },
  {
    name: "state-status-of-its-own",
    about: "state has a word of its own for created.",
    breaks: ["state.other-status"],
    fault: statusAs({ created: "ready" }),
  },
  {
    name: "state-pid-of-another",
    about: "state names another process.",
    breaks: ["state.pid"],
    fault: inState((printed) => {
      if (printed.pid) printed.pid = Number(printed.pid) + 1;
    }),
  },
  {
    name: "state-pid-missing",
    about: "state has no pid.",
    breaks: ["state.pid"],
    fault: inState((printed) => delete printed.pid),
  },
  {
    name: "state-pid-as-text",
    about: "The pid of state is a text.",
    breaks: ["state.schema"],
    fault: inState((printed) => {
      printed.pid = String(printed.pid);
    }),
  },
  {
    name: "state-bundle-relative",
    about: "The bundle of state is a name, not a path.",
    breaks: ["state.bundle"],
    fault: inState((printed) => {
      printed.bundle = basename(String(printed.bundle));
    }),
  },
  {
    name: "state-bundle-as-given",
    about: "The bundle of state is what create was given, even if that was relative.",
    breaks: ["state.bundle"],
    fault: {
      create: (call) => {
        call.note("bundle", call.bundle);
        return call.real();
      },
      state: (call) => {
        const { code, out } = call.catch();
        if (code !== 0) return call.real();
        console.log(JSON.stringify({ ...JSON.parse(out), bundle: call.noted("bundle") }));
        return 0;
      },
    },
  },
  {
    name: "state-annotations-missing",
    about: "state has no annotations.",
    breaks: ["state.annotations"],
    fault: inState((printed) => delete printed.annotations),
  },
  {
    name: "state-annotations-null",
    about: "Without annotations those of state are null.",
    breaks: ["state.no-annotations"],
    fault: inState((printed) => {
      const { annotations } = printed;
      if (!annotations || Object.keys(annotations).length === 0) printed.annotations = null;
    }),
  },
  {
    name: "state-annotations-read-again",
    about: "The annotations of state are those that config.json has now.",
    breaks: ["lifecycle.config-frozen"],
    fault: {
      create: (call) => {
        call.note("bundle", call.bundle);
        return call.real();
      },
      state: (call) => {
        const { code, out } = call.catch();
        if (code !== 0) return call.real();
        const annotations = configOf({ bundle: call.noted("bundle") ?? "." })?.annotations;
        console.log(JSON.stringify({ ...JSON.parse(out), ...(annotations ? { annotations } : {}) }));
        return 0;
      },
    },
  },
  {
    name: "state-version-missing",
    about: "state has no ociVersion.",
    breaks: ["state.oci-version"],
    fault: inState((printed) => delete printed.ociVersion),
  },
  {
    name: "state-version-short",
    about: "The ociVersion of state is no version by SemVer.",
    breaks: ["state.oci-version"],
    fault: inState((printed) => {
      printed.ociVersion = "1.0";
    }),
  },
  {
    name: "state-id-shortened",
    about: "state prints only the first 12 characters of the ID.",
    breaks: ["state.id"],
    fault: inState((printed) => {
      printed.id = String(printed.id).slice(0, 12);
    }),
  },
  {
    name: "state-no-json",
    about: "state prints a table.",
    breaks: ["state.query"],
    fault: inState((printed) => `ID STATUS PID\n${printed.id} ${printed.status} ${printed.pid}\n`),
  },
  {
    name: "state-of-unknown",
    about: "state takes containers that do not exist for stopped ones.",
    breaks: ["state.unknown-id"],
    fault: {
      state: (call) => {
        if (call.id === "" || call.state()) return call.real();
        const { id, bundle } = call;
        console.log(JSON.stringify({ ociVersion: "1.0.2", id, status: "stopped", bundle }));
        return 0;
      },
    },
  },
];
