// SPDX-License-Identifier: Apache-2.0

/** Text of a document that may be anybody's: nothing in it may steer a terminal, or turn the direction of a line. */
export function printable(text: string): string {
  return text
    .replaceAll("\t", " ")
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, "�");
}
