// SPDX-License-Identifier: Apache-2.0

/** Which mounts would be refused: by their sources, destinations and types, and by the kernel when asked. */

import type { Mount } from "../../config/types.ts";
import { absolutePath } from "../../path.ts";
import { parseMountOptions } from "../../plan/mount-options.ts";
import { readText } from "../controllers.ts";
import { type Case, finding } from "../diagnosis/case.ts";
import { explainBind, explainFileSystem, explainSource, mismatch, overlay } from "../diagnosis/mounts.ts";
import { explainDestination } from "../diagnosis/paths.ts";
import { ELOOP, ENOENT, ENOTDIR, EPERM } from "../diagnosis/view.ts";
import { type Answer, answers, as } from "./answer.ts";

const [ENOTBLK, ENODEV] = [15, 19];

/** Whether an earlier mount lies around the destination, so that the rootfs does not tell what is there. */
function isCovered({ config }: Case, index: number): boolean {
  const mounts = config?.mounts ?? [];
  const path = absolutePath("/", mounts[index]?.destination ?? "/");
  return mounts
    .slice(0, index)
    .some(({ destination }) => path.startsWith(`${absolutePath("/", destination)}/`));
}

function destination(failure: Case, pointer: string, mount: Mount, index: number): readonly Answer[] {
  if (isCovered(failure, index)) return [];
  const found = failure.inside.bare().walk(absolutePath("/", mount.destination));
  if (found.state !== "missing" || (found.errno !== ENOTDIR && found.errno !== ELOOP)) return [];
  return answers(
    pointer,
    explainDestination(as(failure, pointer, { errno: found.errno }), mount.destination),
  );
}

function bind(failure: Case, pointer: string, mount: Mount, index: number): readonly Answer[] {
  const [word] = parseMountOptions(mount.options ?? []).data;
  if (word !== undefined)
    return answers(
      `${pointer}/options`,
      finding(`${JSON.stringify(word)} is no option of a bind mount`, "take it out"),
    );
  if (absolutePath("/", mount.destination) === "/proc") {
    const sight = failure.outside.walk(absolutePath(failure.bundle, mount.source ?? ""));
    const isProc = sight.state === "found" && sight.sight.fileSystem === 0x9fa0;
    if (!isProc)
      return answers(pointer, explainBind(as(failure, pointer, { detail: "/proc can only be a procfs" })));
  }
  const source = explainSource(
    as(failure, pointer, { op: "mountBind", syscall: "open_tree", errno: ENOENT }),
  );
  if (source) return answers(pointer, source);
  const kinds = isCovered(failure, index) ? undefined : mismatch(as(failure, pointer, {}));
  return kinds ? answers(pointer, kinds) : destination(failure, pointer, mount, index);
}

/** Whether the kernel's list has it without "nodev": then it wants a block device. */
function needsDevice({ host }: Case, type: string): boolean {
  return (readText(host, "/proc/filesystems") ?? "").split("\n").includes(`\t${type}`);
}

function fileSystem(failure: Case, pointer: string, mount: Mount, type: string): readonly Answer[] {
  const of = (syscall: string, errno: number) =>
    answers(pointer, explainFileSystem(as(failure, pointer, { syscall, errno })));
  if (failure.host.probe("fileSystem", type, 0) === ENODEV) return of("fsopen", ENODEV);
  const types = failure.config?.linux?.namespaces?.map((namespace) => namespace.type) ?? [];
  const needs = ({ sysfs: "network", proc: "pid", mqueue: "ipc" } as const)[type];
  if (types.includes("user") && needs !== undefined && !types.includes(needs)) return of("fsconfig", EPERM);
  if (type === "overlay") {
    const found = overlay(as(failure, pointer, {}));
    return found.why === "overlay refuses its folders" ? [] : answers(pointer, found);
  }
  if (!needsDevice(failure, type)) return [];
  if (types.includes("user")) return of("fsconfig", EPERM);
  const found = failure.outside.walk(mount.source ?? "");
  if (found.state === "missing") return of("fsconfig", ENOENT);
  return found.state === "found" && found.sight.kind !== "other" ? of("fsconfig", ENOTBLK) : [];
}

export function mounts(failure: Case): readonly Answer[] {
  return (failure.config?.mounts ?? []).flatMap((mount, i) => {
    const pointer = `/mounts/${i}`;
    const { type = "", options = [] } = mount;
    if (options.includes("remount")) return [];
    if (options.includes("bind") || options.includes("rbind")) return bind(failure, pointer, mount, i);
    // bound where there is no namespace of its own
    if (type === "cgroup" || type === "cgroup2") return [];
    const found = fileSystem(failure, pointer, mount, type);
    return found.length > 0 ? found : destination(failure, pointer, mount, i);
  });
}
