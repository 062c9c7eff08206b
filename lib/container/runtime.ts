// SPDX-License-Identifier: Apache-2.0

import type { Host } from "../host.ts";
import type { Tracing } from "../trace/tracing.ts";

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
  /** hears of all that is done, and when */
  trace?: Tracing | undefined;
  warn(message: string): void;
}
