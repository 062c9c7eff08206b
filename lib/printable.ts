// SPDX-License-Identifier: Apache-2.0

/** Names come from images: what a terminal would obey, or a log take for another line, is shown and not sent. */
export function printable(text: string): string {
  const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
  return text.replace(control, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
