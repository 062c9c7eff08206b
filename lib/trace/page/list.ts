// SPDX-License-Identifier: Apache-2.0

/** The steps as a table: what is searched, and what the keyboard goes through. */

import { make, marked } from "./dom.ts";
import { type Item, timeText } from "./model.ts";
import type { Page } from "./state.ts";

function resultText({ event: { args } }: Item): string {
  const status = typeof args.status === "number" ? `exit status ${args.status}` : "";
  if (args.result === "ok") return status;
  return status === "" ? args.result : `${args.result}, ${status}`;
}

function rowOf(item: Item, words: readonly string[]): HTMLTableRowElement {
  const { event, start, end, subject } = item;
  const what = make("td", "what", ...marked(`${event.name} ${subject}`.trimEnd(), words));
  if (typeof event.args.from === "string")
    what.append(" ", make("span", "origin", ...marked(event.args.from, words)));
  const row = make(
    "tr",
    start === undefined ? "missing" : "",
    make("td", "number", start === undefined ? "" : timeText(start)),
    make("td", "number", start === undefined || end === undefined ? "" : timeText(end - start)),
    make("td", "", event.cat),
    what,
    make("td", `is-${event.args.result.replace(" ", "-")}`, resultText(item)),
  );
  row.setAttribute("aria-selected", "false");
  return row;
}

export interface List {
  readonly element: HTMLElement;
  draw(): void;
  /** the item so many places further in what was found */
  next(by: number): Item | undefined;
}

export function makeList(page: Page): List {
  const heads = ["at", "took", "process", "step", "result"].map((title, i) =>
    make("th", i < 2 ? "number" : "", title),
  );
  const body = make("tbody");
  const table = make("table", "", make("thead", "", make("tr", "", ...heads)), body);
  table.setAttribute("aria-label", "steps");
  const element = make("section", "list", table);
  element.tabIndex = 0;
  let typed: string | undefined;
  let marked: HTMLTableRowElement | undefined;
  const rows = new Map<Item, HTMLTableRowElement>();
  const fill = () => {
    typed = page.typed;
    rows.clear();
    const words = typed
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    for (const item of page.items) {
      if (!page.found.has(item)) continue;
      const row = rowOf(item, words);
      row.addEventListener("click", () => page.choose(item));
      rows.set(item, row);
    }
    body.replaceChildren(...rows.values());
  };
  const draw = () => {
    if (typed !== page.typed) fill();
    const row = page.chosen && rows.get(page.chosen);
    if (row === marked) return;
    marked?.setAttribute("aria-selected", "false");
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    marked = row;
  };
  const next = (by: number) => {
    const found = [...rows.keys()];
    const at = page.chosen === undefined ? -1 : found.indexOf(page.chosen);
    if (at < 0) return found[by > 0 ? 0 : found.length - 1];
    return found[Math.min(Math.max(at + by, 0), found.length - 1)];
  };
  return { element, draw, next };
}
