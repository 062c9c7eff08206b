// SPDX-License-Identifier: Apache-2.0

/** Reads a bundle's config as far as faults look into it, and shows the runtime another one. */

import { readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

export interface Mount {
  destination?: string;
  type?: string;
  source?: string;
  options?: string[];
  uidMappings?: unknown[];
  gidMappings?: unknown[];
}

export interface Hook {
  path?: string;
  args?: string[];
  env?: string[];
  timeout?: number;
}

interface Limit {
  type?: string;
  soft?: number;
  hard?: number;
}

export interface Process {
  terminal?: boolean;
  consoleSize?: { height: number; width: number };
  user?: { uid: number; gid: number; umask?: number; additionalGids?: number[] };
  args?: string[];
  env?: string[];
  cwd?: string;
  rlimits?: Limit[];
  capabilities?: Partial<
    Record<"bounding" | "effective" | "permitted" | "inheritable" | "ambient", string[]>
  >;
  noNewPrivileges?: boolean;
  oomScoreAdj?: number;
  apparmorProfile?: string;
  selinuxLabel?: string;
  scheduler?: Record<string, unknown>;
  ioPriority?: { class: string; priority: number };
}

interface Argument {
  index: number;
  value: number;
  valueTwo?: number;
  op: string;
}

interface Rule {
  names: string[];
  action: string;
  errnoRet?: number;
  args?: Argument[];
}

export interface Seccomp {
  defaultAction?: string;
  defaultErrnoRet?: number;
  architectures?: string[];
  flags?: string[];
  syscalls?: Rule[];
  listenerPath?: string;
  listenerMetadata?: string;
}

interface Device {
  type?: string;
  path?: string;
  major?: number;
  minor?: number;
  fileMode?: number;
  uid?: number;
  gid?: number;
}

interface DeviceRule {
  allow: boolean;
  type?: string;
  major?: number;
  minor?: number;
  access?: string;
}

interface Mapping {
  containerID: number;
  hostID: number;
  size: number;
}

export interface Linux {
  namespaces?: { type?: string; path?: string }[];
  uidMappings?: Mapping[];
  gidMappings?: Mapping[];
  timeOffsets?: Record<string, { secs?: number; nanosecs?: number }>;
  devices?: Device[];
  netDevices?: Record<string, { name?: string }>;
  cgroupsPath?: string;
  resources?: { devices?: DeviceRule[] } & Record<string, Record<string, unknown>>;
  sysctl?: Record<string, string>;
  seccomp?: Seccomp;
  rootfsPropagation?: string;
  maskedPaths?: string[];
  readonlyPaths?: string[];
  personality?: { domain: string; flags?: unknown[] };
  intelRdt?: unknown;
  mountLabel?: string;
  memoryPolicy?: { mode?: string; nodes?: string; flags?: string[] };
}

/** Cases write invalid configs, too: a fault must look at what it reads before it leans on it. */
export interface Config {
  ociVersion?: unknown;
  root?: { path?: string; readonly?: boolean };
  hostname?: string;
  domainname?: string;
  annotations?: Record<string, unknown>;
  mounts?: Mount[];
  process?: Process;
  hooks?: Record<string, Hook[]>;
  linux?: Linux;
}

// JSON.parse would round limits of 64 bits; as texts they come through.
const long = "\u{1f522}";
const hideLongNumbers = (text: string) =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (token) =>
    token.startsWith('"') ? token : `"${long}${token}"`,
  );
const showLongNumbers = (text: string) => text.replaceAll(new RegExp(`"${long}(-?\\d+)"`, "gu"), "$1");

export const parseConfig = (text: string): Config => JSON.parse(hideLongNumbers(text));

/** Changes a config in place, or returns another text for it. */
export type ConfigChange = (config: Config, bundle: string) => string | undefined;

/** The changed text; undefined when it is no config, or the change does not concern it. */
function changedText(text: string, bundle: string, change: ConfigChange): string | undefined {
  try {
    const config = parseConfig(text);
    const whole = change(config, bundle);
    if (whole !== undefined) return whole;
    return isDeepStrictEqual(config, parseConfig(text)) ? undefined : showLongNumbers(JSON.stringify(config));
  } catch {
    return undefined; // what is wrong with it is for the real runtime to say
  }
}

/** Does something while the bundle's config is another one. */
export function whileChanged<T>(bundle: string, change: ConfigChange, deed: () => T): T {
  const path = `${bundle}/config.json`;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return deed();
  }
  const other = changedText(text, bundle, change);
  if (other === undefined) return deed();
  writeFileSync(path, other);
  try {
    return deed();
  } finally {
    writeFileSync(path, text);
  }
}
