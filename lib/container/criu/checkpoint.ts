// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import { type CheckpointFlags, checkpointPlan, dumpLog, makeFolders } from "../../plan/criu/checkpoint.ts";
import { cgroupProcesses } from "../cgroup-folder.ts";
import { remove } from "../delete.ts";
import { attempt, errorOf, execute } from "../execute.ts";
import { keptConfig } from "../kept-config.ts";
import { readRecord } from "../record.ts";
import type { Runtime } from "../runtime.ts";
import { standing } from "../status.ts";
import { descriptorsFile, findDescriptors } from "./descriptors.ts";
import { withLog } from "./log.ts";
import { externalMounts } from "./mounts.ts";
import { externalNamespaces } from "./namespaces.ts";
import { checkRestorable, findCriu } from "./program.ts";
import { treeOf } from "./tree.ts";

export interface CheckpointOptions {
  readonly id: string;
  /** absolute path */
  readonly images: string;
  /** absolute path of the folder of the log; that of the images unless given */
  readonly work?: string;
  readonly flags: CheckpointFlags;
}

const limit = 16 * 1024 * 1024;

function checkParent(host: Host, { images, flags: { parentPath } }: CheckpointOptions): void {
  if (parentPath === undefined) return;
  const refuse = (detail: string) => {
    throw new RuntsError("usage", { step: "checkpoint", detail: `--parent-path: ${detail}` });
  };
  if (parentPath.startsWith("/")) refuse("expected a path relative to that of --image-path");
  if (host.kind(absolutePath(images, parentPath)) !== "directory")
    refuse(`there are no images in ${absolutePath(images, parentPath)}`);
}

/** A list of bytes of ASCII text. */
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/**
 * Writes the container's processes into a folder. They are then ended and the container is deleted, as runc and
 * crun do, unless it is asked that they go on.
 */
export function checkpoint(runtime: Runtime, options: CheckpointOptions): void {
  const { host, root } = runtime;
  const { id, images, flags } = options;
  const record = readRecord(runtime, id);
  const { status, process } = standing(runtime, record);
  if ((status !== "running" && status !== "paused") || !process)
    throw new RuntsError("status", { id, step: "checkpoint", detail: status });
  const config = keptConfig(runtime, id);
  checkRestorable(config);
  checkParent(host, options);
  const criu = findCriu(runtime, { images, work: options.work }, record.annotations);
  const mountinfo = host.decode(host.readFile(`/proc/${process.pid}/mountinfo`, limit));
  const cgroup = record.cgroup && `${record.cgroup.mount}${record.cgroup.path}`;
  const others = cgroup === undefined ? [] : cgroupProcesses(host, cgroup);
  const { inside, beside } = treeOf(host, [process.pid, ...others.filter((pid) => pid !== process.pid)]);
  const descriptors = findDescriptors(host, inside, mountinfo);
  if (beside.length > 0)
    runtime.warn(`processes that came by exec are not in the checkpoint: ${beside.join(", ")}`);
  execute(runtime, makeFolders(criu));
  if (!flags.preDump) host.replaceFile(`${images}/${descriptorsFile}`, bytesOf(descriptors.text));
  const plan = checkpointPlan({
    root,
    id,
    process,
    rootfs: host.realPath(record.rootfs),
    cgroup,
    criu,
    flags,
    external: [
      ...externalMounts(config, record.bundle, mountinfo),
      ...externalNamespaces(host, config, process.pid),
      ...descriptors.external,
    ],
  });
  const error = errorOf(plan, attempt(runtime, plan));
  if (error) throw withLog(host, criu, dumpLog, error);
  if (!flags.leaveRunning && !flags.preDump) remove(runtime, id, true);
}
