// SPDX-License-Identifier: Apache-2.0

/** All that is known of the chosen step. */

import { conversation } from "../conversation.ts";
import { make } from "./dom.ts";
import { argumentsOf, type Item, origin, timeText } from "./model.ts";
import type { Page } from "./state.ts";

function tableOf(rows: readonly (readonly [string, string])[]): HTMLTableElement {
  const body = make("tbody");
  for (const [name, value] of rows) body.append(make("tr", "", make("th", "", name), make("td", "", value)));
  return make("table", "", body);
}

function resultRows({ event: { args } }: Item): readonly (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [["result", args.result]];
  if (typeof args.status === "number") rows.push(["exit status", String(args.status)]);
  if (typeof args.syscall === "string") rows.push(["system call", args.syscall]);
  if (typeof args.errno === "number") rows.push(["errno", String(args.errno)]);
  return rows;
}

function whenRows({ event, start, end }: Item): readonly (readonly [string, string])[] {
  const step = event.args.step;
  const rows: (readonly [string, string])[] = [
    ["process", typeof step === "number" ? `${event.cat}, step ${step}` : event.cat],
  ];
  if (start !== undefined) rows.push(["at", `${start.toFixed(3)} µs`]);
  if (start !== undefined && end !== undefined) rows.push(["took", `${(end - start).toFixed(3)} µs`]);
  return rows;
}

function talkRows(page: Page, { event }: Item): readonly (readonly [string, string])[] {
  return conversation(page.data.events).flatMap((said): (readonly [string, string])[] => {
    const late = timeText((said.to.ts ?? 0) + (said.to.dur ?? 0) - (said.by.ts ?? 0));
    if (said.by === event)
      return [[`says ${said.event}`, `heard by ${said.to.cat} ${late} after the start of this`]];
    if (said.to === event)
      return [[`hears ${said.event}`, `of ${said.by.cat}: ${said.by.name}, begun ${late} before`]];
    return [];
  });
}

function section(title: string, ...content: readonly Node[]): readonly Node[] {
  return [make("h3", "", title), ...content];
}

function originOf(page: Page, from: string): readonly Node[] {
  const value = origin(page.data, from);
  if (value === undefined) return section("Asked for by config.json", make("pre", "", from));
  return section(`Asked for by config.json ${from}`, make("pre", "", JSON.stringify(value, null, 2)));
}

export function detailOf(page: Page): readonly Node[] {
  const item = page.chosen;
  if (!item) return [make("p", "origin", "Choose a step in the timeline or in the list.")];
  const { event, subject } = item;
  const given = argumentsOf(event);
  const talk = talkRows(page, item);
  const { detail, from } = event.args;
  return [
    make("h2", "", `${event.name} ${subject}`.trimEnd()),
    tableOf([...whenRows(item), ...resultRows(item)]),
    ...(typeof detail === "string" ? section("What it said", make("pre", "", detail)) : []),
    ...(typeof from === "string" ? originOf(page, from) : []),
    ...(given.length > 0 ? section("Arguments", tableOf(given)) : []),
    ...(talk.length > 0 ? section("Conversation", tableOf(talk)) : []),
  ];
}
