// SPDX-License-Identifier: Apache-2.0

import { table } from "./table.ts";

/** Signal numbers of x86, arm, riscv, s390 and powerpc, from asm-generic/signal.h; names without SIG. */
export const signalNumbers = table<number>({
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  IOT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  POLL: 29,
  PWR: 30,
  SYS: 31,
});

const firstRealTime = 34; // SIGRTMIN as the C libraries give it: they keep 32 and 33 for themselves
const last = 64; // SIGRTMAX

/** The number of "KILL", "SIGKILL", "sigkill", "9", "SIGRTMIN+3" or "RTMAX-1"; undefined for anything else. */
export function signalNumber(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return within(Number(text));
  const upper = text.toUpperCase();
  const name = upper.startsWith("SIG") ? upper.slice(3) : upper;
  const known = signalNumbers[name];
  if (known !== undefined) return known;
  const realTime = /^RT(MIN|MAX)(?:([+-])(\d{1,2}))?$/.exec(name);
  if (realTime === null) return undefined;
  const offset = Number(realTime[3] ?? "0") * (realTime[2] === "-" ? -1 : 1);
  const number = (realTime[1] === "MIN" ? firstRealTime : last) + offset;
  return number >= firstRealTime ? within(number) : undefined;
}

function within(number: number): number | undefined {
  return number <= last ? number : undefined;
}
