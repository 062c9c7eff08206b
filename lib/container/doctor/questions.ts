// SPDX-License-Identifier: Apache-2.0

/** What can be seen of a bundle's failures before they happen, by the same eyes that look afterwards. */

import { absolutePath } from "../../path.ts";
import { namespaceFiles } from "../../tables/namespaces.ts";
import { listenerFlags, seccompFlags } from "../../tables/seccomp.ts";
import { type Case, finding } from "../diagnosis/case.ts";
import { explainExecutable, searchPath } from "../diagnosis/executable.ts";
import { explainJoin, explainNamespacePath, explainSysctl } from "../diagnosis/isolation.ts";
import { explainRootfs } from "../diagnosis/mounts.ts";
import {
  explainAgent,
  explainDevice,
  explainHook,
  explainRlimit,
  explainWorkingDirectory,
} from "../diagnosis/process.ts";
import { isPrivileged } from "../facts.ts";
import { type Answer, answers, as } from "./answer.ts";
import { namespaceObstacle } from "./kernel.ts";
import { mounts } from "./mounts.ts";
import { subordinate } from "./surroundings.ts";

const [ENOENT, E2BIG, EEXIST, ENOTDIR, EINVAL] = [2, 7, 17, 20, 22];

/** The kernel's MAX_ARG_STRLEN. */
const longestArgument = 131072;

function program(failure: Case): readonly Answer[] {
  const [name] = failure.process?.args ?? [];
  if (name === undefined) return [];
  const pointer = "/process/args/0";
  const { apparmorProfile: _, selinuxLabel: __, ...process } = failure.process ?? { args: [], cwd: "/" };
  const bare = { config: loose(failure), process };
  if (failure.process?.args.some((word) => word.length >= longestArgument))
    return answers("/process/args", explainExecutable(as(failure, "/process/args", { errno: E2BIG })));
  if (name !== "" && !name.includes("/")) {
    const folders = searchPath(failure).split(":");
    const found = folders.find(
      (folder) => failure.inside.walk(absolutePath("/", `${folder}/${name}`)).state !== "missing",
    );
    const file = found === undefined ? name : absolutePath("/", `${found}/${name}`);
    return answers(
      pointer,
      explainExecutable(as(failure, pointer, { detail: file, errno: ENOENT, ...bare })),
    );
  }
  return answers(pointer, explainExecutable(as(failure, pointer, { detail: name, errno: ENOENT, ...bare })));
}

/** Nothing has been refused yet: what will confine the process is not to blame. */
function loose({ config }: Case): Case["config"] {
  if (!config?.linux) return config;
  const { seccomp: _, ...linux } = config.linux;
  return { ...config, linux };
}

function hooks(failure: Case): readonly Answer[] {
  return Object.entries(failure.config?.hooks ?? {}).flatMap(([kind, list]) =>
    Array.isArray(list)
      ? list.flatMap((_, i) => {
          const pointer = `/hooks/${kind}/${i}`;
          return answers(pointer, explainHook(as(failure, pointer, { syscall: "execve" })));
        })
      : [],
  );
}

/** nsfs, statfs(2). */
const namespaceFileSystem = 0x6e736673;

function joined(failure: Case, pointer: string, type: string, path: string): readonly Answer[] {
  const { outside, host } = failure;
  const found = outside.walk(path, 0, false);
  if (found.state === "missing")
    return answers(pointer, explainNamespacePath(as(failure, pointer, { errno: ENOENT })));
  if (found.state !== "found") return [];
  const { kind, content, fileSystem } = found.sight;
  const refused = (detail: string) =>
    answers(pointer, explainNamespacePath(as(failure, pointer, { detail })));
  if (kind !== "symlink")
    return fileSystem === namespaceFileSystem ? [] : refused(`${path} is not a namespace`);
  const target = host.decode(content);
  if (type === "user" && target === host.decode(host.look("/proc/self/ns", "user", 0).content))
    return answers(pointer, explainJoin(as(failure, pointer, { errno: EINVAL, detail: "user namespace" })));
  const name = target.split(":")[0] ?? "";
  const wanted = namespaceFiles[type] ?? type;
  if (name === wanted || !Object.values(namespaceFiles).includes(name)) return [];
  return answers(
    pointer,
    finding(`${path} is a ${name} namespace, not a ${type} namespace`, `name /proc/PID/ns/${wanted}`),
  );
}

function namespaces(failure: Case): readonly Answer[] {
  return (failure.config?.linux?.namespaces ?? []).flatMap(({ type, path }, i) => {
    const pointer = `/linux/namespaces/${i}`;
    if (path !== undefined) return joined(failure, `${pointer}/path`, type, path);
    const obstacle = namespaceObstacle(failure.host, type);
    return obstacle === undefined
      ? []
      : answers(pointer, finding(`no new ${type} namespace: ${obstacle.detail}`, obstacle.mend));
  });
}

function limits(failure: Case): readonly Answer[] {
  return (failure.process?.rlimits ?? []).flatMap((_, i) => {
    const pointer = `/process/rlimits/${i}`;
    return answers(pointer, explainRlimit(as(failure, pointer, { errno: 0 })));
  });
}

function devices(failure: Case): readonly Answer[] {
  return (failure.config?.linux?.devices ?? []).flatMap(({ path }, i) => {
    const found = failure.inside.walk(path);
    const taken = found.state === "found" && found.sight.kind !== "other";
    const pointer = `/linux/devices/${i}`;
    if (found.state === "missing" && found.errno === ENOTDIR)
      return answers(pointer, explainDevice(as(failure, pointer, { errno: ENOTDIR })));
    return taken ? answers(pointer, explainDevice(as(failure, pointer, { errno: EEXIST }))) : [];
  });
}

function sysctls(failure: Case): readonly Answer[] {
  return Object.keys(failure.config?.linux?.sysctl ?? {}).flatMap((name) => {
    const pointer = `/linux/sysctl/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const missing = failure.host.kind(`/proc/sys/${name.replaceAll(".", "/")}`) === "missing";
    return missing && !name.includes("/")
      ? answers(pointer, explainSysctl(as(failure, pointer, { errno: ENOENT })))
      : [];
  });
}

function netDevices(failure: Case): readonly Answer[] {
  return Object.keys(failure.config?.linux?.netDevices ?? {})
    .filter((name) => failure.host.kind(`/sys/class/net/${name}`) === "missing")
    .map((name) => ({
      pointer: `/linux/netDevices/${name}`,
      finding: finding(`the host has no network device ${name}`, "ip link lists them"),
    }));
}

function filter(failure: Case): readonly Answer[] {
  const { flags = [], listenerPath } = failure.config?.linux?.seccomp ?? {};
  const unknown = flags.findIndex((name) => {
    const bits = seccompFlags[name] ?? 0;
    // without an agent it is left out
    if (bits === listenerFlags && listenerPath === undefined) return false;
    return failure.host.probe("seccompFlags", "", bits === listenerFlags ? bits | 0x08 : bits) !== 0;
  });
  const pointer = "/linux/seccomp/listenerPath";
  return [
    ...(unknown < 0
      ? []
      : answers(
          `/linux/seccomp/flags/${unknown}`,
          finding(`this kernel does not know ${flags[unknown]}`, "leave the flag out"),
        )),
    ...(listenerPath === undefined ? [] : answers(pointer, explainAgent(as(failure, pointer, { errno: 0 })))),
  ];
}

/** Who is not root maps himself, and what subuid(5) and subgid(5) hand to him. */
function mappings({ config, host }: Case): readonly Answer[] {
  if (isPrivileged(host)) return [];
  const kinds = [
    { field: "uidMappings", list: config?.linux?.uidMappings, own: host.uid, file: "/etc/subuid" },
    { field: "gidMappings", list: config?.linux?.gidMappings, own: host.gid, file: "/etc/subgid" },
  ];
  return kinds.flatMap(({ field, list = [], own, file }) => {
    const ranges = subordinate(host, file);
    const index = list.findIndex(
      ({ hostID, size }) =>
        !(hostID === own && size === 1) &&
        !ranges.some(({ start, count }) => hostID >= start && hostID + size <= start + count),
    );
    if (index < 0) return [];
    const { hostID = 0, size = 0 } = list[index] ?? {};
    return answers(
      `/linux/${field}/${index}`,
      finding(
        `${hostID} to ${hostID + size - 1} are not among the ids that ${file} hands to this user`,
        `add a line to ${file}, or map ids that it has`,
      ),
    );
  });
}

export function questions(failure: Case): readonly Answer[] {
  const rootfs = explainRootfs(as(failure, "/root/path", { errno: ENOENT }));
  // without a rootfs there is nothing to be said of what is in it
  const inside = rootfs
    ? []
    : [
        ...program(failure),
        ...answers(
          "/process/cwd",
          cwdIsFile(failure)
            ? explainWorkingDirectory(as(failure, "/process/cwd", { errno: ENOTDIR }))
            : undefined,
        ),
        ...devices(failure),
      ];
  return [
    ...answers("/root/path", rootfs),
    ...inside,
    ...mounts(failure),
    ...namespaces(failure),
    ...mappings(failure),
    ...limits(failure),
    ...sysctls(failure),
    ...netDevices(failure),
    ...filter(failure),
    ...hooks(failure),
  ];
}

function cwdIsFile({ inside, process }: Case): boolean {
  const found = inside.walk(process?.cwd ?? "/");
  return found.state === "found"
    ? found.sight.kind !== "directory"
    : found.state === "missing" && found.errno !== ENOENT;
}
