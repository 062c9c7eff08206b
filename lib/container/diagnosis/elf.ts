// SPDX-License-Identifier: Apache-2.0

/** As much of an ELF file as says why the kernel will not run it; elf(5). */

import { elfMachines } from "../../tables/elf.ts";

export interface Elf {
  readonly bits: 32 | 64;
  /** as uname(1) calls it, or its number */
  readonly machine: string;
  /** PT_INTERP: the loader that is to run it; undefined for a static program */
  readonly loader?: string;
  /** the file ends before its headers do */
  readonly short: boolean;
}

const PT_INTERP = 3;

export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

function textAt(bytes: Uint8Array, from: number, size: number): string | undefined {
  if (size < 1 || size > 4096 || from + size > bytes.length) return undefined;
  const letters = [...bytes.subarray(from, from + size)];
  const end = letters.indexOf(0);
  return String.fromCharCode(...(end < 0 ? letters : letters.slice(0, end)));
}

/** `bytes` is the beginning of the file. */
export function readElf(bytes: Uint8Array): Elf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[4] === 2;
  const little = bytes[5] !== 2;
  const bits = wide ? 64 : 32;
  const head = wide ? 64 : 52;
  if (bytes.length < head) {
    const number = bytes.length < 20 ? 0 : view.getUint16(18, little);
    return { bits, machine: elfMachines[number] ?? `machine ${number}`, short: true };
  }
  const number = view.getUint16(18, little);
  const machine = elfMachines[number] ?? `machine ${number}`;
  const word = (at: number) => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const start = word(wide ? 32 : 28);
  const size = view.getUint16(wide ? 54 : 42, little);
  const count = view.getUint16(wide ? 56 : 44, little);
  for (let i = 0; i < count; i++) {
    const at = start + i * size;
    if (at + (wide ? 56 : 32) > bytes.length) return { bits, machine, short: bytes.length < 4096 };
    if (view.getUint32(at, little) !== PT_INTERP) continue;
    const loader = textAt(bytes, word(at + (wide ? 8 : 4)), word(at + (wide ? 32 : 16)));
    return { bits, machine, short: false, ...(loader !== undefined && { loader }) };
  }
  return { bits, machine, short: false };
}
