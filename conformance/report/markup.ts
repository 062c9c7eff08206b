// SPDX-License-Identifier: Apache-2.0

/** Text for HTML and XML: whatever is put into a template is escaped unless it came out of one. */

import { printable } from "./printable.ts";

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const entitled = (text: string) =>
  printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");

const isList = (part: Part): part is readonly Part[] => Array.isArray(part);

function render(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  return isList(part) ? part.map(render).join("") : entitled(`${part}`);
}

/** Values of attributes must stand in quotes. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + render(parts[index])).join(""));
}
