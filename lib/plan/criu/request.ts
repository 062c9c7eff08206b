// SPDX-License-Identifier: Apache-2.0

/** The options of a request to criu's service, as its images/rpc.proto encodes them: protocol buffers. */

/** Modes of --manage-cgroups-mode; "" leaves it to criu, which then takes "soft". */
export const cgroupModes = { ignore: 0, soft: 3, full: 4, strict: 5, "": 6 } as const;
export type CgroupMode = keyof typeof cgroupModes;

export const requestTypes = { dump: 1, restore: 2, preDump: 4 } as const;

/** A descriptor of criu's that takes the place of what a process of the image had open under that key. */
export interface Inherited {
  readonly key: string;
  readonly fd: number;
}

/** A namespace that is there and is to be joined. */
export interface Joined {
  readonly ns: string;
  readonly file: string;
}

/** Those of criu's options that runts uses; what is left out has criu's default. */
export interface CriuOptions {
  /** descriptors of criu's own */
  readonly imagesFd: number;
  readonly workFd?: number;
  readonly pid?: number;
  readonly leaveRunning?: boolean;
  readonly extUnixSk?: boolean;
  readonly tcpEstablished?: boolean;
  readonly evasiveDevices?: boolean;
  readonly shellJob?: boolean;
  readonly fileLocks?: boolean;
  readonly logLevel?: number;
  readonly logFile?: string;
  readonly pageServer?: { readonly address: string; readonly port: number };
  readonly notifyScripts?: boolean;
  readonly root?: string;
  readonly parentImage?: string;
  readonly trackMemory?: boolean;
  readonly autoDedup?: boolean;
  readonly linkRemap?: boolean;
  readonly cgroupRoot?: string;
  readonly restoreSibling?: boolean;
  readonly inherit?: readonly Inherited[];
  readonly cgroupMode?: CgroupMode;
  readonly external?: readonly string[];
  /** CLONE_NEW* of namespaces that come back empty */
  readonly emptyNamespaces?: number;
  readonly join?: readonly Joined[];
  readonly freezeCgroup?: string;
  readonly tcpSkipInFlight?: boolean;
  readonly orphanPtsMaster?: boolean;
  readonly configFile?: string;
  readonly tcpClose?: boolean;
  readonly lsmProfile?: string;
  readonly lsmMountContext?: string;
}

type Scalar = boolean | number | string | undefined;

/** The numbers of criu_opts, where the option is one value. */
const numbers = {
  imagesFd: 1,
  pid: 2,
  leaveRunning: 3,
  extUnixSk: 4,
  tcpEstablished: 5,
  evasiveDevices: 6,
  shellJob: 7,
  fileLocks: 8,
  logLevel: 9,
  logFile: 10,
  notifyScripts: 12,
  root: 13,
  parentImage: 14,
  trackMemory: 15,
  autoDedup: 16,
  workFd: 17,
  linkRemap: 18,
  restoreSibling: 26,
  emptyNamespaces: 38,
  freezeCgroup: 44,
  tcpSkipInFlight: 46,
  orphanPtsMaster: 50,
  configFile: 51,
  tcpClose: 52,
  lsmProfile: 53,
  lsmMountContext: 63,
} as const satisfies { readonly [Name in keyof CriuOptions]: number };

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else
      bytes.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 0x3f),
        0x80 | ((point >> 6) & 0x3f),
        0x80 | (point & 0x3f),
      );
  }
  return bytes;
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

function bytesField(number: number, bytes: readonly number[]): readonly number[] {
  return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
}

function field(number: number, value: Scalar): readonly number[] {
  if (value === undefined) return [];
  if (typeof value === "string") return bytesField(number, utf8(value));
  return [...varint(number << 3), ...varint(Number(value))];
}

function encodeOptions(options: CriuOptions): readonly number[] {
  const { pageServer, cgroupRoot, inherit = [], cgroupMode, external = [], join = [] } = options;
  const names = Object.keys(numbers) as (keyof typeof numbers)[];
  return [
    ...names.flatMap((name) => field(numbers[name], options[name])),
    ...(pageServer ? bytesField(11, [...field(1, pageServer.address), ...field(2, pageServer.port)]) : []),
    // "" is cgroup v2: what a machine has of v1 besides is not ours
    ...(cgroupRoot === undefined ? [] : bytesField(25, [...field(1, ""), ...field(2, cgroupRoot)])),
    ...inherit.flatMap(({ key, fd }) => bytesField(27, [...field(1, key), ...field(2, fd)])),
    ...field(34, cgroupMode === undefined ? undefined : cgroupModes[cgroupMode]),
    ...external.flatMap((one) => field(37, one)),
    ...join.flatMap(({ ns, file }) => bytesField(39, [...field(1, ns), ...field(2, file)])),
  ];
}

/** A criu_req: the one message that begins everything. */
export function encodeRequest(type: keyof typeof requestTypes, options: CriuOptions): Uint8Array {
  return Uint8Array.from([...field(1, requestTypes[type]), ...bytesField(2, encodeOptions(options))]);
}
