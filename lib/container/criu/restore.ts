// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../../errors.ts";
import { type HostParts, type RestoreFlags, restoreLog, restorePlan } from "../../plan/criu/restore.ts";
import { rootfsPath } from "../../plan/rootfs.ts";
import { removeEnded, undo } from "../delete.ts";
import { attempt, errorOf } from "../execute.ts";
import { type CreateOptions, type Prepared, prepare } from "../facts.ts";
import { readProcess } from "../record.ts";
import type { Runtime } from "../runtime.ts";
import { inheritedDescriptors } from "./descriptors.ts";
import { withLog } from "./log.ts";
import { mountpoints, mountSources } from "./mounts.ts";
import { namespacesToJoin } from "./namespaces.ts";
import { checkRestorable, findCriu } from "./program.ts";

export interface RestoreOptions extends CreateOptions {
  /** absolute path */
  readonly images: string;
  /** absolute path of the folder of the log; that of the images unless given */
  readonly work?: string;
  readonly detach: boolean;
  readonly flags: RestoreFlags;
}

function partsOf(runtime: Runtime, { facts, config }: Prepared, images: string): HostParts {
  const { host } = runtime;
  const namespaces = namespacesToJoin(host, config);
  const { directories, files } = mountpoints(host, config, facts.bundle);
  return {
    external: mountSources(config, facts.bundle),
    inherit: [...inheritedDescriptors(host, images), ...namespaces.inherit],
    join: namespaces.join,
    files: namespaces.files,
    directories,
    regularFiles: files,
  };
}

/**
 * A container whose processes go on where they were written down. The exit status of the first of them; 0 when
 * they go on in the background.
 */
export async function restore(runtime: Runtime, options: RestoreOptions): Promise<number> {
  const { host } = runtime;
  const { id, images, work, detach, flags } = options;
  const prepared = await prepare(runtime, options, true, !detach);
  const { facts, config, record } = prepared;
  checkRestorable(config);
  const criu = findCriu(runtime, { images, work }, config.annotations);
  const plan = restorePlan({
    facts,
    rootfs: host.realPath(rootfsPath(facts)),
    criu,
    flags,
    parts: partsOf(runtime, prepared, images),
    detach,
  });
  const outcome = attempt(runtime, plan);
  const error = errorOf(plan, outcome);
  if (error?.code === "exists") throw new RuntsError("exists", { id });
  if (error) {
    const told = withLog(host, criu, restoreLog, error);
    undo(runtime, record);
    throw told;
  }
  if (detach) return 0;
  if (readProcess(runtime, id)?.pid === outcome.pid) removeEnded(runtime, record);
  return outcome.exitStatus;
}
