// SPDX-License-Identifier: Apache-2.0

/** What the keyboard does. */

import type { List } from "./list.ts";
import type { Page } from "./state.ts";
import { around, moved, zoomed } from "./view.ts";

/** So that the chosen step is in sight. */
function follow(page: Page): void {
  const { start, end = start } = page.chosen ?? {};
  if (start === undefined || end === undefined) return;
  const { from, to } = page.view;
  if (end < from || start > to) {
    const length = to - from;
    page.see({ from: start - length / 3, to: start + (length * 2) / 3 });
  }
}

export function listenToKeys(page: Page, list: List, field: HTMLInputElement): void {
  const length = () => page.view.to - page.view.from;
  const zoom = (factor: number) => {
    const at = page.chosen?.start ?? (page.view.from + page.view.to) / 2;
    page.see(zoomed(page.view, at, factor, page.total));
  };
  const step = (by: number) => {
    page.choose(list.next(by));
    follow(page);
  };
  const focus = () => {
    field.focus();
    field.select();
  };
  const approach = () => {
    const { start, end = page.total } = page.chosen ?? {};
    if (start !== undefined) page.see(around(start, end, page.total));
  };
  const clear = () => {
    field.value = "";
    field.dispatchEvent(new Event("input"));
    field.blur();
  };
  const everywhere: Readonly<Record<string, () => void>> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: approach,
    Escape: clear,
  };
  const outside: Readonly<Record<string, () => void>> = {
    ...everywhere,
    j: () => step(1),
    k: () => step(-1),
    PageDown: () => step(15),
    PageUp: () => step(-15),
    Home: () => step(-page.items.length),
    End: () => step(page.items.length),
    ArrowLeft: () => page.see(moved(page.view, -length() / 8, page.total)),
    ArrowRight: () => page.see(moved(page.view, length() / 8, page.total)),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    "0": () => page.see({ from: 0, to: page.total }),
    "/": focus,
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLButtonElement && event.key === "Enter") return;
    const act = (event.target === field ? everywhere : outside)[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
