// SPDX-License-Identifier: Apache-2.0

/** What the parts of the page have in common: what is chosen, what is searched, what is seen. */

import type { Item, TraceData } from "./model.ts";
import { type View, within } from "./view.ts";

export interface Page {
  readonly data: TraceData;
  /** in the order of their starts; those without one last */
  readonly items: readonly Item[];
  /** microseconds */
  readonly total: number;
  view: View;
  chosen: Item | undefined;
  /** what was typed to search */
  typed: string;
  found: ReadonlySet<Item>;
  /** tells all parts that something has changed */
  changed(): void;
  choose(item: Item | undefined): void;
  see(view: View): void;
}

export function openPage(data: TraceData, items: readonly Item[], draw: () => void): Page {
  const ends = items.map(({ end, start }) => end ?? start ?? 0);
  const total = Math.max(data.end.took, ...ends, 1);
  let waiting = false;
  const page: Page = {
    data,
    items,
    total,
    view: { from: 0, to: total },
    chosen: undefined,
    typed: "",
    found: new Set(items),
    changed() {
      // once for all that happens between two pictures
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        draw();
      });
    },
    choose(item) {
      page.chosen = item;
      page.changed();
    },
    see(view) {
      page.view = within(view, total);
      page.changed();
    },
  };
  return page;
}
