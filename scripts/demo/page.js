// SPDX-License-Identifier: Apache-2.0

/** The look of what the demo prints: headings, rows, and colours where a terminal shows them. */

const colourful = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
const paint = (code) => (text) => (colourful && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = paint("1");
export const dim = paint("2");
export const green = paint("32");
export const red = paint("31");

// whoever reads has read enough: head(1)
process.stdout.on("error", () => process.exit(0));

export function line(text = "") {
  process.stdout.write(`${text}\n`);
}

export function heading(text, remark = "") {
  line();
  line(bold(text) + (remark === "" ? "" : dim(`  ${remark}`)));
}

export function shorten(text, width) {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Words in lines of at most that width. */
export function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
