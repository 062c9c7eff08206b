// SPDX-License-Identifier: Apache-2.0

import type { Host, Outcome } from "../host.ts";
import type { Plan } from "../plan/step.ts";
import type { Tracing } from "../trace/tracing.ts";

/** A plan that was executed, and what became of it. */
export interface Attempt {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** What is kept for a report, should the command fail. */
export interface Reporting {
  /** gets the report */
  readonly folder: string;
  /** the time from which its trace counts, of host.now() */
  readonly since: number;
  readonly attempts: Attempt[];
  readonly warnings: string[];
}

/** Who makes the cgroups of new containers: we, systemd, or nobody. */
export type CgroupManager = "cgroupfs" | "systemd" | "disabled";

/** What every operation on containers needs. */
export interface Runtime {
  readonly host: Host;
  /** folder of the containers' states */
  readonly root: string;
  readonly rootless: boolean;
  readonly debug: boolean;
  readonly cgroupManager: CgroupManager;
  /** the program that checkpoints and restores, where one is named */
  readonly criu?: string | undefined;
  /** absent unless a report is wanted */
  readonly reporting?: Reporting | undefined;
  /** hears of all that is done, and when */
  trace?: Tracing | undefined;
  warn(message: string): void;
}
