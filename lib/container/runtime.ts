// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../host.ts";

/** What every operation on containers needs. */
export interface Runtime {
  readonly host: Host;
  /** folder of the containers' states */
  readonly root: string;
  readonly rootless: boolean;
  readonly debug: boolean;
  /** systemd makes the cgroups of new containers */
  readonly systemdCgroup: boolean;
  /** the program that checkpoints and restores, where one is named */
  readonly criu?: string | undefined;
  warn(message: string): void;
}
