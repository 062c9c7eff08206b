// SPDX-License-Identifier: Apache-2.0

/** Every clause of runtime-spec 1.3 for Linux, in the order in which reports show them. */

import { bundle } from "./bundle.ts";
import { capabilities } from "./capabilities.ts";
import { cgroups } from "./cgroups.ts";
import type { Chapter } from "./clause.ts";
import { config } from "./config.ts";
import { devices } from "./devices.ts";
import { features } from "./features.ts";
import { hooks } from "./hooks.ts";
import { intelRdt } from "./intel-rdt.ts";
import { kernel } from "./kernel.ts";
import { lifecycle } from "./lifecycle.ts";
import { mountOptions } from "./mount-options.ts";
import { mounts } from "./mounts.ts";
import { namespaces } from "./namespaces.ts";
import { netDevices } from "./net-devices.ts";
import { paths } from "./paths.ts";
import { process } from "./process.ts";
import { resources } from "./resources.ts";
import { root } from "./root.ts";
import { seccomp } from "./seccomp.ts";
import { state } from "./state.ts";
import { userNamespaces } from "./user-namespaces.ts";

export const catalogue = [
  bundle,
  lifecycle,
  state,
  config,
  root,
  mounts,
  mountOptions,
  process,
  capabilities,
  hooks,
  namespaces,
  userNamespaces,
  devices,
  netDevices,
  cgroups,
  resources,
  intelRdt,
  kernel,
  seccomp,
  paths,
  features,
] as const;

export type ClauseId = (typeof catalogue)[number]["clauses"][number]["id"];

/** The same, for those who do not need to know the ids beforehand. */
export const chapters: readonly Chapter[] = catalogue;
