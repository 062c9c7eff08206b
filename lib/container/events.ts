// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { cgroupFolder, readCgroupFile } from "./cgroup-folder.ts";
import { errnoOf, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { flatKeyed, type Pressure, pressure } from "./stats/figures.ts";
import { checkLive, statsBelow } from "./stats/of-container.ts";
import type { Stats } from "./stats/stats.ts";

/** runc's two kinds, and one of our own that is only told when asked for. */
export type Event =
  | { readonly type: "stats"; readonly id: string; readonly data: Stats }
  | { readonly type: "oom"; readonly id: string }
  | { readonly type: "memory-pressure"; readonly id: string; readonly data: Pressure };

export interface EventOptions {
  /** milliseconds between two stats */
  readonly interval: number;
  /** tell of memory pressure when tasks were stalled for so many microseconds within `pressureWindow` */
  readonly stall: number | undefined;
}

/** Microseconds. Of a caller without privileges the kernel takes only multiples of two seconds (Linux 6.5). */
export const pressureWindow = 2_000_000;

/**
 * How long to sleep at most. The kernel tells of changes of one file 10 ms apart or later, and not at all when
 * the cgroup is removed in between: its end must then be seen by looking.
 */
const nap = 1000;

const ENOENT = 2;

/** Undefined when the container has just ended. */
function watchEnd({ host }: Runtime, folder: string): number | undefined {
  try {
    return host.watch(`${folder}/cgroup.events`, "");
  } catch (error) {
    if (errnoOf(error) === ENOENT) return undefined;
    throw error;
  }
}

function watchMemoryEvents({ host, warn }: Runtime, folder: string): readonly number[] {
  try {
    return [host.watch(`${folder}/memory.events`, "")];
  } catch (error) {
    if (errnoOf(error) !== ENOENT) throw error;
    warn(`${folder} has no memory controller: nothing will be told of processes that run out of memory`);
    return [];
  }
}

function watchPressure({ host }: Runtime, folder: string, stall: number): number {
  try {
    return host.watch(`${folder}/memory.pressure`, `some ${stall} ${pressureWindow}`);
  } catch (error) {
    const detail = "--memory-pressure: the kernel does not tell of it";
    throw new RuntsError("system", { syscall: "", errno: errnoOf(error), step: "events", detail }, error);
  }
}

/** Tells of events until the container has ended. The first stats come after the first interval, as runc's. */
export function watchEvents(
  runtime: Runtime,
  id: string,
  { interval, stall }: EventOptions,
  tell: (event: Event) => void,
): void {
  const { host } = runtime;
  const record = readRecord(runtime, id);
  checkLive(runtime, record);
  const folder = cgroupFolder(record, "to be told of");
  const read = (file: string) => readCgroupFile(host, folder, file);
  const killed = () => flatKeyed(read("memory.events")).get("oom_kill") ?? 0;
  // before the first look, so that nothing happens between the two
  const end = watchEnd(runtime, folder);
  if (end === undefined) return;
  const watched = [end, ...watchMemoryEvents(runtime, folder)];
  const stalled = stall === undefined ? undefined : watchPressure(runtime, folder, stall);
  if (stalled !== undefined) watched.push(stalled);
  let kills = killed();
  const step = interval * 1e6;
  for (let next = host.now() + step; ; ) {
    const left = Math.ceil((next - host.now()) / 1e6);
    const changed = host.wait(watched, Math.max(0, Math.min(left, nap)));
    // looked at first: what ended the container is counted by then, and told of as well
    const populated = flatKeyed(read("cgroup.events")).get("populated") === 1;
    const before = kills;
    kills = killed();
    if (kills > before) tell({ type: "oom", id });
    if (!populated) return;
    if (stalled !== undefined && changed.includes(stalled)) {
      const data = pressure(read("memory.pressure"));
      if (data !== undefined) tell({ type: "memory-pressure", id, data });
      // switched off by cgroup.pressure meanwhile: it would wake at once for ever
      else watched.splice(watched.indexOf(stalled), 1);
    }
    const now = host.now();
    if (now < next) continue;
    tell({ type: "stats", id, data: statsBelow(runtime, record, folder) });
    // what took longer than an interval is not made up for
    next = Math.max(next + step, now);
  }
}
