// SPDX-License-Identifier: Apache-2.0

import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import type { Host } from "../host.ts";
import { absolutePath } from "../path.ts";
import type { CgroupOnRecord } from "../plan/delete.ts";
import { type CgroupPlace, type Facts, makesNamespace } from "../plan/facts.ts";
import { resctrlRemains } from "../plan/resctrl.ts";
import { noFilter, seccompFilter } from "../plan/seccomp.ts";
import { seccompListener } from "../plan/seccomp-listener.ts";
import { faultLine } from "../wording.ts";
import { countSockets, notifySocket } from "./activation.ts";
import { placesOf, unheldRules } from "./cgroup-manager.ts";
import { checkId } from "./id.ts";
import type { ContainerRecord } from "./record.ts";
import { placeResctrl } from "./resctrl.ts";
import type { Runtime } from "./runtime.ts";
import { apparmorConfined, checkLabels } from "./security-modules.ts";

export interface CreateOptions {
  readonly id: string;
  readonly bundle: string;
  /** absolute path of the configuration; the bundle's config.json unless given */
  readonly config?: string;
  readonly pidFile?: string;
  readonly consoleSocket?: string;
  /** gets a pidfd of the container's process */
  readonly pidfdSocket?: string;
  readonly noPivot: boolean;
  readonly noNewKeyring: boolean;
  readonly preserveFds: number;
}

/** What was found and decided before anything is done. */
export interface Prepared {
  readonly facts: Facts;
  readonly config: Config;
  readonly record: ContainerRecord;
}

const helperFolders = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"];

// Engines call us without PATH, so the usual folders are searched.
function findHelpers(host: Host): readonly [string, string] | undefined {
  const folder = helperFolders.find((path) => host.kind(`${path}/newuidmap`) !== "missing");
  return folder === undefined ? undefined : [`${folder}/newuidmap`, `${folder}/newgidmap`];
}

/** Root of the initial user namespace; root of another one may do as little as an ordinary user. */
export function isPrivileged(host: Host): boolean {
  if (host.uid !== 0) return false;
  const map = host.decode(host.readFile("/proc/self/uid_map", 65536)).trim().split(/\s+/);
  return map.join(" ") === "0 0 4294967295";
}

/** Where an ordinary user mapped only himself, nobody may set groups, not even root of that namespace. */
function groupsDenied(host: Host): boolean {
  return host.decode(host.readFile("/proc/self/setgroups", 64)).trim() === "deny";
}

/** What the host says of the user that asks. */
export type Caller = Pick<Facts, "uid" | "gid" | "privileged" | "groupsDenied">;

export function findCaller(host: Host): Caller {
  const privileged = isPrivileged(host);
  return { uid: host.uid, gid: host.gid, privileged, groupsDenied: !privileged && groupsDenied(host) };
}

function checkSupported(config: Config, options: CreateOptions, startsAtOnce: boolean): void {
  const terminal = config.process?.terminal === true;
  if (terminal && !startsAtOnce && options.consoleSocket === undefined)
    throw new RuntsError("usage", {
      pointer: "/process/terminal",
      detail: "a terminal for a detached container needs --console-socket",
    });
  if (!terminal && options.consoleSocket !== undefined)
    throw new RuntsError("usage", {
      pointer: "/process/terminal",
      detail: "--console-socket is for a container with a terminal",
    });
}

/** Before any file of ours is open: what is not the caller's must never be taken for it and handed on. */
export function checkPreserved(host: Host, count: number): void {
  if (count > 0 && host.name === "node")
    throw new RuntsError("usage", { step: "create", detail: "--preserve-fds is for the executable only" });
  for (let fd = 3; fd < 3 + count; fd++)
    if (host.kind(`/proc/self/fd/${fd}`) === "missing")
      throw new RuntsError("usage", {
        step: "create",
        detail: `descriptor ${fd}, to be handed on, is not open (--preserve-fds, LISTEN_FDS)`,
      });
}

function cgroupOnRecord({ mount, path, scope }: CgroupPlace): CgroupOnRecord {
  if (!scope) return { mount, path };
  const { addresses, uid, unit } = scope;
  return { mount, path, scope: { addresses, uid, unit } };
}

function makeRecord(
  config: Config,
  { id, config: path, noNewKeyring }: CreateOptions,
  bundle: string,
  cgroup: Facts["cgroup"],
  resctrl: Facts["resctrl"],
  seccomp: Facts["seccomp"],
  doubtful: boolean,
): ContainerRecord {
  const { hooks, annotations } = config;
  const listener = seccompListener(config);
  return {
    version: 1,
    id,
    bundle,
    rootfs: absolutePath(bundle, config.root?.path ?? "rootfs"),
    ...(path !== undefined && { config: path }),
    created: new Date().toISOString(),
    ...(annotations && { annotations }),
    hasProcess: config.process !== undefined,
    ...(!makesNamespace(config, "pid") && { sharesPids: true }),
    ...((hooks?.poststart || hooks?.poststop) && {
      hooks: {
        ...(hooks.poststart && { poststart: hooks.poststart }),
        ...(hooks.poststop && { poststop: hooks.poststop }),
      },
    }),
    ...(cgroup && { cgroup: cgroupOnRecord(cgroup) }),
    ...(resctrl && { resctrl: resctrlRemains(resctrl) }),
    ...(listener && { listener }),
    ...(seccomp && { filter: seccomp.file }),
    ...(noNewKeyring && { noNewKeyring }),
    ...(doubtful && { doubtful }),
  };
}

/** What the plan is told of the command line as it stands. */
function asked({
  pidFile,
  consoleSocket,
  pidfdSocket,
  noPivot,
  noNewKeyring,
  preserveFds,
}: CreateOptions): Pick<
  Facts,
  "pidFile" | "consoleSocket" | "pidfdSocket" | "noPivot" | "noNewKeyring" | "preserveFds"
> {
  return { pidFile, consoleSocket, pidfdSocket, noPivot, noNewKeyring, preserveFds };
}

/** A look at the host; whoever only wants to know what would be done goes on where it fails, with `otherwise`. */
export type Look = <T>(look: () => T, otherwise: () => T) => T;

const orFail: Look = (look) => look();
const nothing = () => {};

function filterOf(runtime: Runtime, config: Config, look: Look): Facts["seccomp"] {
  const profile = config.linux?.seccomp;
  if (!profile) return undefined;
  return look(
    () => seccompFilter(runtime, config, profile),
    () => noFilter(config),
  );
}

/**
 * Reads and checks the bundle and looks at the host; changes nothing but the cache of filters.
 * @param attached the runtime stays with the container, and says itself when to start
 */
export async function prepare(
  runtime: Runtime,
  options: CreateOptions,
  startsAtOnce: boolean,
  attached: boolean,
  look: Look = orFail,
): Promise<Prepared> {
  const { host, trace } = runtime;
  checkId(options.id);
  const listenFds = countSockets(host);
  look(() => checkPreserved(host, listenFds + options.preserveFds), nothing);
  const bundle = absolutePath(host.cwd(), options.bundle);
  trace?.phase("config.json");
  const { config, bytes, warnings } = await loadConfig(host, bundle, options.config);
  trace?.about(bundle, config);
  trace?.phase("host");
  for (const fault of warnings) runtime.warn(faultLine(fault));
  look(() => checkSupported(config, options, attached), nothing);
  look(() => checkLabels(host, config), nothing);
  const caller = findCaller(host);
  const { privileged } = caller;
  const { cgroupManager } = runtime;
  const unheld = unheldRules(cgroupManager, config);
  if (unheld !== undefined) runtime.warn(unheld);
  const { place, asAsked } = await placesOf(cgroupManager);
  const cgroup = look(
    () => place(host, config, options.id, privileged),
    () => asAsked(config, options.id),
  );
  const resctrl = look(
    () => placeResctrl(host, config, options.id),
    () => undefined,
  );
  const seccomp = filterOf(runtime, config, look);
  trace?.phase("plan");
  // that the filter refuses a step of runts-init's own is all that is warned of there
  const doubtful = warnings.some(({ pointer }) => pointer.startsWith("/linux/seccomp"));
  const record = makeRecord(config, options, bundle, cgroup, resctrl, seccomp, doubtful);
  const facts: Facts = {
    config,
    id: options.id,
    bundle,
    root: runtime.root,
    record: JSON.stringify(record),
    configBytes: bytes,
    ...caller,
    apparmorConfined: apparmorConfined(host, config),
    cgroup,
    resctrl,
    seccomp,
    idMapHelpers: privileged ? undefined : findHelpers(host),
    ...asked(options),
    listenFds,
    notify: config.process && notifySocket(host),
    startsAtOnce,
    staysAttached: startsAtOnce && attached,
  };
  return { facts, config, record };
}
