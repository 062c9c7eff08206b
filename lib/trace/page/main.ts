// SPDX-License-Identifier: Apache-2.0

/** The script of the page that --trace=FILE.html writes. */

import { detailOf } from "./detail.ts";
import { button, make } from "./dom.ts";
import { listenToKeys } from "./keys.ts";
import { makeList } from "./list.ts";
import { itemOf, kinds, matches, type TraceData, timeText } from "./model.ts";
import { openPage, type Page } from "./state.ts";
import { makeTimeline } from "./timeline.ts";
import { zoomed } from "./view.ts";

function header({ head, end }: TraceData): HTMLElement {
  const { command, id, bundle, time, by } = head;
  const title = `runts ${command} ${id}`;
  document.title = `${title}: trace`;
  const about = [
    end.error === "" ? "done" : "failed",
    `after ${timeText(end.took)}`,
    time.replace("T", " "),
    `runts ${by}`,
    bundle,
  ];
  const element = make("header", "", make("h1", "", title), make("span", "about", about.join(" · ")));
  if (end.error !== "") element.append(make("div", "error", end.error));
  return element;
}

function legend(): HTMLElement {
  const names = kinds.map(([kind, about]) => make("span", kind, about));
  return make("span", "key", ...names);
}

/** Dark or light: as the reader's system has it, until the button says otherwise. */
function themeButton(): HTMLButtonElement {
  const { style } = document.documentElement;
  let isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return button("◐", "dark or light", () => {
    isDark = !isDark;
    style.colorScheme = isDark ? "dark" : "light";
  });
}

function searchField(page: Page, count: HTMLElement): HTMLInputElement {
  const field = make("input");
  field.type = "search";
  field.placeholder = "search: mount, /mounts/3, failed, tmpfs …   ( / )";
  field.setAttribute("aria-label", "search steps");
  field.addEventListener("input", () => {
    page.typed = field.value.trim();
    page.found = new Set(page.items.filter((item) => matches(item, page.typed)));
    count.textContent = page.typed === "" ? "" : `${page.found.size} of ${page.items.length}`;
    page.changed();
  });
  return field;
}

function zoomBy(page: Page, factor: number): void {
  const { from, to } = page.view;
  page.see(zoomed(page.view, (from + to) / 2, factor, page.total));
}

function tools(page: Page, field: HTMLInputElement, count: HTMLElement): HTMLElement {
  count.setAttribute("role", "status");
  return make(
    "div",
    "tools",
    field,
    count,
    button("−", "zoom out (-)", () => zoomBy(page, 2)),
    button("+", "zoom in (+)", () => zoomBy(page, 0.5)),
    button("all", "the whole time (0)", () => page.see({ from: 0, to: page.total })),
    make("span", "space"),
    legend(),
    themeButton(),
  );
}

function open(data: TraceData): void {
  const items = data.events.map(itemOf);
  const late = Number.MAX_VALUE;
  items.sort((one, other) => (one.start ?? late) - (other.start ?? late));
  const page = openPage(data, items, () => draw());
  const timeline = makeTimeline(page);
  const list = makeList(page);
  const detail = make("section", "detail");
  detail.setAttribute("aria-live", "polite");
  let told: unknown = "nothing yet";
  const draw = () => {
    timeline.draw();
    list.draw();
    if (told === page.chosen) return;
    told = page.chosen;
    detail.replaceChildren(...detailOf(page));
  };
  const count = make("span", "count");
  const field = searchField(page, count);
  const rest = [tools(page, field, count), timeline.element, make("main", "", list.element, detail)];
  document.body.append(header(data), ...rest);
  addEventListener("resize", () => page.changed());
  listenToKeys(page, list, field);
  page.choose(items.find(({ event }) => event.args.result === "failed"));
}

const source = document.getElementById("trace")?.textContent;
if (source) open(JSON.parse(source));
