// SPDX-License-Identifier: Apache-2.0

/** Errors that are not told, or not undone. */

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { configOf, inAll } from "./faults.ts";
import type { Mutant } from "./mutant.ts";

export const errors: readonly Mutant[] = [
  {
    name: "errors-exit-with-zero",
    about: "Errors are told, but the exit code is always 0.",
    breaks: ["lifecycle.environment-error", "lifecycle.kill-only-alive"],
    fault: inAll((call) => call.real() && 0),
  },
  {
    name: "refused-create-leaves-cgroup",
    about: "A create that fails leaves the container's cgroup.",
    breaks: ["lifecycle.error-undone", "lifecycle.create-inapplicable"],
    fault: {
      create: (call) => {
        const code = call.real();
        const path = configOf(call)?.linux?.cgroupsPath;
        if (code !== 0 && path?.startsWith("/")) mkdirSync(`/sys/fs/cgroup${path}`, { recursive: true });
        return code;
      },
    },
  },
  {
    name: "refused-create-leaves-container",
    about: "A create that fails leaves a container that is stopped.",
    breaks: ["lifecycle.create-inapplicable", "lifecycle.error-undone"],
    fault: {
      create: (call) => {
        const code = call.real();
        if (code !== 0 && !call.state()) call.note("left", "");
        return code;
      },
      state: (call) => {
        if (call.noted("left") === undefined) return call.real();
        console.log(JSON.stringify({ ociVersion: "1.0.2", id: call.id, status: "stopped", bundle: "/" }));
        return 0;
      },
    },
  },
  {
    name: "refused-create-leaves-process",
    about: "A create that fails leaves a process.",
    breaks: ["lifecycle.error-undone", "lifecycle.create-inapplicable"],
    fault: {
      create: (call) => {
        const code = call.real();
        if (code !== 0) spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref();
        return code;
      },
    },
  },
];
