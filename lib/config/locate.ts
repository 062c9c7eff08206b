// SPDX-License-Identifier: Apache-2.0

/** Lines and columns of faults. Loaded on the error path only. */

import { type Node, type ParseError, parse, parseTree } from "jsonc-parser";
import type { Fault } from "../errors.ts";
import { tokensOf } from "../json.ts";

/** jsonc-parser's error numbers; its enum is for one module at a time. */
const wanted: Readonly<Record<number, string>> = {
  1: "a JSON value",
  2: "a number",
  3: 'a name in double quotes, or "}"',
  4: "a JSON value",
  5: "a colon",
  6: "a comma",
  7: '"}"',
  8: '"]"',
  9: "the end of the document",
  10: "no comment",
  11: "no comment",
  12: "a closing quote",
  13: "a whole number literal",
  14: "four hexadecimal digits",
  15: "a known escape",
  16: "an escape for a control character",
};

/** 1-based line and column of an offset. */
function place(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** The node a pointer leads to, or the nearest above it; of a name given twice, the second. */
export function nodeAt(tree: Node, pointer: string): Node {
  let node = tree;
  for (const token of tokensOf(pointer)) {
    const children: readonly Node[] = node.children ?? [];
    const next =
      node.type === "array"
        ? children[Number(token)]
        : children.findLast((property) => property.children?.[0]?.value === token)?.children?.[1];
    if (!next) break;
    node = next;
  }
  return node;
}

function syntaxFault(text: string, fault: Fault): Fault {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const first = errors[0];
  if (!first) return fault;
  const found = text.slice(first.offset, first.offset + Math.min(first.length, 20));
  return {
    ...fault,
    expected: wanted[first.error] ?? fault.expected,
    ...(found !== "" && { found }),
    ...place(text, first.offset),
  };
}

/** The faults with their places, in the order of the document. */
export function locate(text: string, faults: readonly Fault[]): Fault[] {
  const tree = faults.some(({ code }) => code !== "syntax") ? parseTree(text) : undefined;
  const placed = faults.map((fault) => {
    if (fault.code === "syntax") return syntaxFault(text, fault);
    return tree ? { ...fault, ...place(text, nodeAt(tree, fault.pointer).offset) } : fault;
  });
  const key = ({ line = 0, column = 0 }: Fault) => line * 2 ** 24 + column;
  return placed.sort((a, b) => key(a) - key(b));
}
