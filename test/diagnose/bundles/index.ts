// SPDX-License-Identifier: Apache-2.0

import type { Broken } from "../broken.ts";
import { commands } from "./commands.ts";
import { isolation } from "./isolation.ts";
import { mounts } from "./mounts.ts";
import { programs } from "./programs.ts";
import { resources } from "./resources.ts";
import { security } from "./security.ts";

export const families: Readonly<Record<string, readonly Broken[]>> = {
  programs,
  mounts,
  isolation,
  resources,
  security,
  commands,
};
