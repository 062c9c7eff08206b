// SPDX-License-Identifier: Apache-2.0

import { capabilities } from "./capabilities.ts";
import { cgroups } from "./cgroups.ts";
import { configFile } from "./config-file.ts";
import { devices } from "./devices.ts";
import { errors } from "./errors.ts";
import { features } from "./features.ts";
import { hooks } from "./hooks.ts";
import { ids } from "./ids.ts";
import { kernel } from "./kernel.ts";
import { leaks } from "./leaks.ts";
import { lifecycle } from "./lifecycle.ts";
import { limits } from "./limits.ts";
import { mountOptions } from "./mount-options.ts";
import { mounts } from "./mounts.ts";
import type { Mutant } from "./mutant.ts";
import { namespaces } from "./namespaces.ts";
import { process } from "./process.ts";
import { seccomp } from "./seccomp.ts";
import { state } from "./state.ts";

/** The real runtime behind the same wrapper: a case that it does not pass says nothing about mutants. */
export const faultless: Pick<Mutant, "name" | "fault"> = { name: "faultless", fault: {} };

export const mutants: readonly Mutant[] = [
  ...lifecycle,
  ...ids,
  ...errors,
  ...state,
  ...configFile,
  ...mounts,
  ...mountOptions,
  ...process,
  ...capabilities,
  ...hooks,
  ...namespaces,
  ...devices,
  ...cgroups,
  ...limits,
  ...kernel,
  ...seccomp,
  ...features,
  ...leaks,
];
