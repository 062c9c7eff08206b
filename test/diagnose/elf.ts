// SPDX-License-Identifier: Apache-2.0

/** ELF header and one program header PT_INTERP for that machine, whose loader's name follows. */
export function elf(machine: number, loader: string, bits: 1 | 2 = 2, order: 1 | 2 = 1): string {
  const number = (value: number, size: number) => {
    const bytes = Array.from({ length: size }, (_, i) => (i < 4 ? (value >>> (8 * i)) & 255 : 0));
    return (order === 1 ? bytes : bytes.reverse()).map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const word = bits === 2 ? 8 : 4;
  const [head, entry] = bits === 2 ? [64, 56] : [52, 32];
  const text = [...loader, "\0"].map((letter) => number(letter.charCodeAt(0), 1)).join("");
  const at = head + entry;
  const size = text.length / 2;
  return [
    `7f454c460${bits}0${order}01`.padEnd(32, "0"),
    number(2, 2) + number(machine, 2) + number(1, 4) + number(0, word) + number(head, word) + number(0, word),
    number(0, 4) + number(head, 2) + number(entry, 2) + number(1, 2) + number(0, 6),
    bits === 2
      ? number(3, 4) +
        number(4, 4) +
        number(at, 8) +
        number(0, 16) +
        number(size, 8) +
        number(size, 8) +
        number(1, 8)
      : number(3, 4) +
        number(at, 4) +
        number(0, 8) +
        number(size, 4) +
        number(size, 4) +
        number(4, 4) +
        number(1, 4),
    text,
  ].join("");
}
