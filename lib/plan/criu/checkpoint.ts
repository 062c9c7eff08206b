// SPDX-License-Identifier: Apache-2.0

import { lockMilliseconds } from "../start.ts";
import { noSteps, type Plan, type Step } from "../step.ts";
import { askCriu, type Criu, type CriuFlags, commonOptions, startCriu } from "./criu.ts";
import type { CriuOptions } from "./request.ts";

export const dumpLog = "dump.log";

export interface CheckpointFlags extends CriuFlags {
  readonly leaveRunning: boolean;
  readonly tcpSkipInFlight: boolean;
  readonly linkRemap: boolean;
  /** only memory, and the container goes on */
  readonly preDump: boolean;
  /** the images of an earlier dump, relative to this one's */
  readonly parentPath: string | undefined;
  readonly pageServer: { readonly address: string; readonly port: number } | undefined;
}

/** What a checkpoint is made from: what was asked for, and what the container is. */
export interface Checkpoint {
  readonly root: string;
  readonly id: string;
  readonly process: { readonly pid: number; readonly startTime: number };
  /** absolute path on the host */
  readonly rootfs: string;
  /** absolute path on the host of the container's cgroup */
  readonly cgroup: string | undefined;
  readonly criu: Criu;
  readonly flags: CheckpointFlags;
  /** what of the container is the host's, each with the name by which restore finds it */
  readonly external: readonly string[];
}

/** The folders, before anything is asked of the container. */
export function makeFolders({ images, work }: Criu): Plan {
  const folder = (path: string): Step => ({ op: "makeFolder", from: "", path });
  return {
    runtime: [folder(images), ...(work === undefined ? [] : [folder(work)])],
    stage: noSteps,
    init: noSteps,
  };
}

function dumpOptions({ process, rootfs, cgroup, criu, flags, external }: Checkpoint): CriuOptions {
  const { parentPath, pageServer, preDump } = flags;
  return {
    ...commonOptions(flags, criu, dumpLog),
    pid: process.pid,
    root: rootfs,
    leaveRunning: flags.leaveRunning,
    tcpSkipInFlight: flags.tcpSkipInFlight,
    linkRemap: flags.linkRemap,
    ...(cgroup === undefined ? {} : { freezeCgroup: cgroup }),
    ...(parentPath === undefined ? {} : { parentImage: parentPath }),
    ...(pageServer === undefined ? {} : { pageServer }),
    // of what has changed since, the next dump needs to know
    ...(preDump || parentPath !== undefined ? { trackMemory: true } : {}),
    external,
  };
}

/** criu stops the processes, writes down what they are, and ends them or lets them go on. */
export function checkpointPlan(checkpoint: Checkpoint): Plan {
  const { root, id, process, criu, flags } = checkpoint;
  return {
    runtime: [
      { op: "lockState", from: "", root, id, milliseconds: lockMilliseconds },
      { op: "openProcess", from: "", slot: 0, ...process },
      startCriu(criu, "", []),
      askCriu(flags.preDump ? "preDump" : "dump", dumpOptions(checkpoint)),
      { op: "awaitCriu", from: "", moment: "" },
    ],
    stage: noSteps,
    init: noSteps,
  };
}
