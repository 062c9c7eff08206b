// SPDX-License-Identifier: Apache-2.0

/** Why a path of the host could not be gone, or one of the container not be made. */

import { absolutePath } from "../../path.ts";
import { type Case, type Finding, finding, holder, indexOf, obstacle } from "./case.ts";
import { EACCES, ELOOP, ENOENT, EPERM } from "./view.ts";

const [EINVAL, EROFS, EOVERFLOW] = [22, 30, 75];

export const hasNamespace = ({ config }: Case, type: string): boolean =>
  config?.linux?.namespaces?.some((namespace) => namespace.type === type) === true;

/** A path of the host that is not to be had. */
export function explainHostPath(failure: Case, path: string, what: string): Finding | undefined {
  const found = failure.outside.walk(path);
  const why = obstacle(found);
  if (why === undefined || found.state !== "missing") return undefined;
  const remedies =
    found.link !== undefined
      ? [`correct the link ${found.link}`]
      : found.errno === ENOENT
        ? [`make it (mkdir -p ${path}), or correct the path`]
        : ["correct the path"];
  return finding(`${what} ${path}: ${why}`, ...remedies);
}

/** A folder or file of the container where something is to be mounted, or made. */
export function explainDestination(failure: Case, asked: string, word = "destination"): Finding | undefined {
  const { errno } = failure;
  const path = absolutePath("/", asked);
  const before = indexOf(failure.pointer, "/mounts");
  const found = failure.inside.bare().walk(path);
  const whole = failure.inside.walk(path);
  if (errno === EROFS) return readOnlyPlace(failure, path, before);
  if (errno === EOVERFLOW || ((errno === EACCES || errno === EPERM) && hasNamespace(failure, "user"))) {
    const owner = found.folders.at(-1);
    const why = owner
      ? `${owner.path} belongs to uid ${owner.sight.uid} of the host, which is not mapped in the user namespace`
      : "the rootfs belongs to a user that is not mapped in the user namespace";
    return finding(
      `${path} cannot be made: ${why}`,
      "chown -R the rootfs to the ids of linux.uidMappings, or make the folder beforehand",
      "map the ids of the rootfs (idmap)",
    );
  }
  const at = whole.state === "missing" ? whole : found;
  const why = obstacle(at, holder(failure, at));
  if (why !== undefined && errno !== EINVAL)
    return finding(
      why,
      ...(errno === ELOOP ? [`correct the link ${at.link ?? ""}`] : []),
      `correct the ${word}${word === "destination" ? "" : ""}`,
    );
  return undefined;
}

function readOnlyPlace(failure: Case, path: string, before: number | undefined): Finding {
  const mounts = failure.config?.mounts ?? [];
  const around = mounts.findLastIndex(
    ({ destination }, i) =>
      (before === undefined || i < before) && path.startsWith(`${absolutePath("/", destination)}/`),
  );
  const mount = mounts[around];
  if (mount?.type === "sysfs" || mount?.type === "proc")
    return finding(
      `${path} does not exist, and in the ${mount.type} that /mounts/${around} mounts at ${mount.destination} nobody can make it`,
      "choose another destination",
    );
  return finding(
    `${path} does not exist, and cannot be made: ${mount ? `what /mounts/${around} mounts at ${mount.destination}` : "the rootfs"} is read-only`,
    `make it beforehand: mkdir -p ${mount?.source ?? "ROOTFS"}${mount ? path.slice(mount.destination.length) : path}`,
    ...(mount ? ["let the read-only mount come after, without its option ro, and remount it last"] : []),
  );
}
