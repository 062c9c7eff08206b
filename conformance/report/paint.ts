// SPDX-License-Identifier: Apache-2.0

/** Colours, where a terminal shows them and nobody asked for none. */

/** What of a stream matters here: `process.stdout` is one. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Stroke = (text: string) => string;

export interface Paint {
  readonly bold: Stroke;
  readonly dim: Stroke;
  readonly red: Stroke;
  readonly green: Stroke;
  readonly yellow: Stroke;
}

const same: Stroke = (text) => text;
const stroke =
  (code: number): Stroke =>
  (text) =>
    text === "" ? "" : `\x1b[${code}m${text}\x1b[0m`;

export const plain: Paint = { bold: same, dim: same, red: same, green: same, yellow: same };

const colours: Paint = {
  bold: stroke(1),
  dim: stroke(2),
  red: stroke(31),
  green: stroke(32),
  yellow: stroke(33),
};

export function paintFor(terminal: Terminal, environment = process.env): Paint {
  const colourful = terminal.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  return colourful ? colours : plain;
}
