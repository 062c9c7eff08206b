// SPDX-License-Identifier: Apache-2.0

/** The picture: a lane for each process, bars for what it did, lines for what was said. */

import { conversation, type Said } from "../conversation.ts";
import { make } from "./dom.ts";
import { type Item, timeText } from "./model.ts";
import type { Page } from "./state.ts";
import { moved, ticks, tickText, zoomed } from "./view.ts";

const lanes = ["command", "runtime", "stage", "init", "hooks"];
const laneHeight = 30;
const namespace = "http://www.w3.org/2000/svg";

function titleOf({ event, subject, start, end }: Item): string {
  const took = start !== undefined && end !== undefined ? `, ${timeText(end - start)}` : "";
  const result = event.args.result === "ok" ? "" : `, ${event.args.result}`;
  return `${event.cat}: ${event.name}${subject === "" ? "" : ` ${subject}`}${took}${result}`;
}

function barOf(item: Item, tip: HTMLElement): HTMLButtonElement {
  const label = item.subject === "" ? item.event.name : `${item.event.name} ${item.subject}`;
  const open = item.end === undefined ? " open" : "";
  const bar = make("button", `bar ${item.kind} ${item.event.args.result.replace(" ", "-")}${open}`, label);
  bar.type = "button";
  bar.tabIndex = -1; // the list is the way for the keyboard
  bar.setAttribute("aria-label", titleOf(item));
  bar.addEventListener("pointermove", (event) => {
    tip.textContent = titleOf(item);
    tip.hidden = false;
    const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${event.clientY + 18}px`;
  });
  bar.addEventListener("pointerleave", () => {
    tip.hidden = true;
  });
  return bar;
}

function arrowHead(): SVGElement {
  const marker = document.createElementNS(namespace, "marker");
  for (const [name, value] of Object.entries({ id: "head", viewBox: "0 0 8 8", refX: "7", refY: "4" }))
    marker.setAttribute(name, value);
  for (const [name, value] of Object.entries({ markerWidth: "6", markerHeight: "6", orient: "auto" }))
    marker.setAttribute(name, value);
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", "M0 0 L8 4 L0 8 Z");
  marker.append(path);
  return marker;
}

export interface Timeline {
  readonly element: HTMLElement;
  draw(): void;
}

/** The lanes that something happens in. */
function lanesOf(page: Page): readonly string[] {
  return lanes.filter((name) =>
    page.items.some(({ event, start }) => event.cat === name && start !== undefined),
  );
}

interface Line {
  readonly said: Said;
  readonly path: SVGElement;
}

function linesOf(page: Page, svg: SVGElement): readonly Line[] {
  svg.append(arrowHead());
  return conversation(page.data.events).map((said) => {
    const path = document.createElementNS(namespace, "path");
    path.setAttribute("marker-end", "url(#head)");
    svg.append(path);
    return { said, path };
  });
}

export function makeTimeline(page: Page): Timeline {
  const shown = lanesOf(page);
  const tip = make("div", "tip");
  tip.hidden = true;
  document.body.append(tip);
  const [scale, axis, names] = [make("div", "ticks"), make("div", "axis"), make("div", "names")];
  const rows = new Map(shown.map((name) => [name, make("div", "lane")]));
  for (const name of shown) names.append(make("div", "", name));
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", "arrows");
  svg.setAttribute("aria-hidden", "true");
  const lines = linesOf(page, svg);
  const bars = new Map<Item, HTMLButtonElement>();
  for (const item of page.items) {
    if (item.start === undefined) continue;
    const bar = barOf(item, tip);
    bars.set(item, bar);
    rows.get(item.event.cat)?.append(bar);
  }
  const element = make("div", "timeline", scale, axis, ...rows.values(), names, svg);
  const width = () => Math.max(1, axis.clientWidth);
  const place = (at: number) => ((at - page.view.from) / (page.view.to - page.view.from)) * width();
  const draw = () => {
    drawTicks(page, scale, place, width());
    for (const [item, bar] of bars) drawBar(page, item, bar, place, width());
    for (const line of lines) drawLine(page, line, place, shown);
  };
  followPointer(page, element, axis, bars);
  return { element, draw };
}

function drawTicks(page: Page, scale: HTMLElement, place: (at: number) => number, width: number): void {
  const moments = ticks(page.view, width / 90);
  const marks = moments.map((at) => {
    const mark = make("div", "tick", tickText(at, (moments[1] ?? at) - (moments[0] ?? 0)));
    mark.style.left = `${place(at)}px`;
    return mark;
  });
  scale.replaceChildren(...marks);
}

function drawBar(
  page: Page,
  item: Item,
  bar: HTMLElement,
  place: (at: number) => number,
  width: number,
): void {
  const [from, to] = [place(item.start ?? 0), place(item.end ?? page.total)];
  bar.hidden = to < -4 || from > width + 4;
  if (bar.hidden) return;
  // so that the name of what began before is seen all the same
  const left = Math.max(from, -1);
  const length = Math.min(to, width + 1) - left;
  bar.style.left = `${left}px`;
  bar.style.width = `${Math.max(length, 2)}px`;
  bar.classList.toggle("narrow", length < 30);
  bar.classList.toggle("chosen", item === page.chosen);
  bar.classList.toggle("faded", page.typed !== "" && !page.found.has(item));
}

function drawLine(
  page: Page,
  { said, path }: Line,
  place: (at: number) => number,
  shown: readonly string[],
): void {
  const middle = (name: string) => shown.indexOf(name) * laneHeight + laneHeight / 2;
  const { by, to } = said;
  const heard = (to.ts ?? 0) + (to.dur ?? 0);
  // what a clone or an exec says it says when it is done, or as it is heard
  const from = Math.min((by.ts ?? 0) + (by.dur ?? 0), heard);
  const [x, y, x2, y2] = [place(from), middle(by.cat), place(heard), middle(to.cat)];
  const bend = (y2 - y) / 2;
  path.setAttribute("d", `M${x} ${y} C${x} ${y + bend} ${x2} ${y2 - bend} ${x2} ${y2}`);
  path.classList.toggle("chosen", page.chosen?.event === by || page.chosen?.event === to);
}

/** The wheel zooms, dragging moves, a click chooses. */
function followPointer(
  page: Page,
  element: HTMLElement,
  axis: HTMLElement,
  bars: ReadonlyMap<Item, HTMLButtonElement>,
): void {
  const perPixel = () => (page.view.to - page.view.from) / Math.max(1, axis.clientWidth);
  const at = (clientX: number) => page.view.from + (clientX - axis.getBoundingClientRect().left) * perPixel();
  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        page.see(moved(page.view, sideways * perPixel(), page.total));
      else page.see(zoomed(page.view, at(event.clientX), 1.0018 ** event.deltaY, page.total));
    },
    { passive: false },
  );
  let last: number | undefined;
  let travelled = 0;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    last = event.clientX;
    travelled = 0;
  });
  addEventListener("pointermove", (event) => {
    if (last === undefined) return;
    travelled += Math.abs(event.clientX - last);
    if (travelled > 3) element.classList.add("dragged");
    page.see(moved(page.view, (last - event.clientX) * perPixel(), page.total));
    last = event.clientX;
  });
  addEventListener("pointerup", () => {
    last = undefined;
    element.classList.remove("dragged");
  });
  const items = new Map([...bars].map(([item, bar]) => [bar, item]));
  element.addEventListener("click", (event) => {
    if (travelled > 3 || !(event.target instanceof HTMLButtonElement)) return;
    const item = items.get(event.target);
    if (item) page.choose(item);
  });
}
