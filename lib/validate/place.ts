// SPDX-License-Identifier: Apache-2.0

import { type Node, parseTree } from "jsonc-parser";
import { nodeAt } from "../config/locate.ts";
import type { Fault } from "../errors.ts";
import { tokensOf } from "../json.ts";
import type { Finding } from "./finding.ts";

type Place = Pick<Finding, "line" | "column" | "endLine" | "endColumn">;

/** Finds the places of pointers in a text that is JSON. */
export class Places {
  readonly #text: string;
  readonly #tree: Node | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#tree = parseTree(text);
  }

  /** Of the value, or the nearest above it; of the member's name when that is what is wrong. */
  of(pointer: string, ofName: boolean): Place {
    if (!this.#tree) return {};
    const node = nodeAt(this.#tree, pointer);
    const name = node.parent?.type === "property" ? node.parent.children?.[0] : undefined;
    return rangeOf(this.#text, ofName && name ? name : node);
  }
}

/** To the end of its first line only: what is marked is to be seen at once. */
export function rangeOf(
  text: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Place {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  const newline = text.indexOf("\n", offset);
  const end = Math.min(offset + length, newline < 0 ? text.length : newline);
  const column = offset - start + 1;
  return { line, column, endLine: line, endColumn: Math.max(end - start + 1, column + 1) };
}

/** Some faults are of a name: they say what they found, and it is the pointer's last token. */
export function isOfName({ code, pointer, found }: Fault): boolean {
  const name = tokensOf(pointer).at(-1);
  return code === "duplicate" || (name !== undefined && found === JSON.stringify(name));
}
