// SPDX-License-Identifier: Apache-2.0

/** What an operation tells while it is traced. Types only: who is not traced loads nothing of it. */

import type { Config } from "../config/types.ts";
import type { Outcome } from "../host.ts";

export interface Tracing {
  /** the time from which it counts, of host.now() */
  readonly since: number;
  /** it is to be read as text, so that lines are wanted instead of events */
  readonly lines: boolean;
  /** From now on, and until the next, the runtime itself is busy with this. */
  phase(name: string): void;
  /** What the pointers of the steps lead into. */
  about(bundle: string, config: Config): void;
  executed(outcome: Outcome): void;
}
