// SPDX-License-Identifier: Apache-2.0

/**
 * Text that a runtime or a container wrote, made harmless: an escape sequence would drive the reader's terminal, most
 * control characters are illegal in XML, and marks of direction let a text look like another one.
 */

const harmful =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\p{Surrogate}]/gu;

const escaped = (character: string) => {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
};

/** Line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replace(harmful, escaped);
}

/** The same in one line. */
export function oneLine(text: string): string {
  return printable(
    text
      .trim()
      .replace(/\s*\n\s*/g, " ")
      .replaceAll("\t", " "),
  );
}

export function shorten(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

/** A word for sh: as it is where nothing in it means anything there. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
