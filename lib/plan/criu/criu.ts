// SPDX-License-Identifier: Apache-2.0

import type { Step } from "../step.ts";
import { type CgroupMode, type CriuOptions, encodeRequest, type requestTypes } from "./request.ts";

/** How criu is run, and where its images and its log are. */
export interface Criu {
  /** absolute path */
  readonly program: string;
  readonly environment: readonly string[];
  /** absolute path of the folder of the images */
  readonly images: string;
  /** that of the log and of statistics; undefined where it is the same */
  readonly work: string | undefined;
  /** a file with more of criu's options, which win; criu.conf(5) */
  readonly configFile: string | undefined;
}

/** What checkpoint and restore have in common, by the names of their flags. */
export interface CriuFlags {
  readonly tcpEstablished: boolean;
  readonly extUnixSk: boolean;
  readonly shellJob: boolean;
  readonly fileLocks: boolean;
  readonly autoDedup: boolean;
  readonly manageCgroupsMode: CgroupMode;
  /** CLONE_NEW* */
  readonly emptyNamespaces: number;
}

export function commonOptions(flags: CriuFlags, criu: Criu, logFile: string): CriuOptions {
  const { tcpEstablished, extUnixSk, shellJob, fileLocks, autoDedup, manageCgroupsMode } = flags;
  return {
    imagesFd,
    workFd,
    tcpEstablished,
    extUnixSk,
    shellJob,
    fileLocks,
    autoDedup,
    cgroupMode: manageCgroupsMode,
    ...(flags.emptyNamespaces === 0 ? {} : { emptyNamespaces: flags.emptyNamespaces }),
    // the terminal's master is held by whoever got it, outside of what is dumped
    orphanPtsMaster: true,
    notifyScripts: true,
    logFile,
    logLevel: 4,
    ...(criu.configFile === undefined ? {} : { configFile: criu.configFile }),
  };
}

/** criu's descriptors after the first three and its socket, as startCriu gives them. */
const [imagesFd, workFd] = [4, 5];
export const firstFile = 6;

export function startCriu(criu: Criu, root: string, files: readonly string[]): Step {
  const { program, environment, images, work = images } = criu;
  return { op: "startCriu", from: "", program, environment, root, files: [images, work, ...files] };
}

export function askCriu(type: keyof typeof requestTypes, options: CriuOptions): Step {
  return { op: "askCriu", from: "", request: encodeRequest(type, options) };
}

/** What dump and restore call namespaces that are not theirs to make, as runc and crun do. */
export const externalKeys: { readonly [type: string]: string } = {
  network: "extRootNetNS",
  pid: "extRootPidNS",
};

/** criu's names of the namespaces that it can join. */
export const joinedNames: { readonly [type: string]: string } = { ipc: "ipc", uts: "uts", time: "time" };
