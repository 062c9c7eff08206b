// SPDX-License-Identifier: Apache-2.0

import { printable } from "../../printable.ts";
import type { Explanation } from "../explain.ts";
import type { Row } from "./row.ts";

const marks = { same: " ", differs: "!", unknown: "?" } as const;
const colours = { same: "", differs: "1;31", unknown: "33" } as const;

const longest = 70;
const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

function rowText({ what, from, asked, found, verdict, note }: Row, width: number, colour: boolean): string {
  const mark =
    colour && colours[verdict] !== "" ? `\x1b[${colours[verdict]}m${marks[verdict]}\x1b[0m` : marks[verdict];
  const name = printable(what).padEnd(width);
  if (verdict === "same") return `${mark} ${name}  ${cut(printable(found))}\n`;
  if (verdict === "unknown") {
    const told = [`asked ${cut(asked)}`, found === "?" ? "" : cut(found), note ?? ""].filter(
      (part) => part !== "",
    );
    return `${mark} ${name}  ${printable(told.join("; "))}\n`;
  }
  const why = [from, note ?? ""].filter((part) => part !== "").join(": ");
  const blank = " ".repeat(width + 2);
  return [
    `${mark} ${name}  asked  ${printable(asked)}`,
    `${blank}  found  ${printable(found)}`,
    ...(why === "" ? [] : [`${blank}         (${printable(why)})`]),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** What is as it was asked for takes a line; "!" marks what is not, "?" what is not known. */
export function explanationText({ id, status, pid, rows }: Explanation, colour: boolean): string {
  const differ = rows.filter(({ verdict }) => verdict === "differs").length;
  const head = `${id}: ${status}, pid ${pid}; ${differ === 0 ? "nothing differs" : `${differ} ${differ === 1 ? "differs" : "differ"}`} from what was asked for\n`;
  const parts = [...new Set(rows.map(({ part }) => part))].map((part) => {
    const own = rows.filter((one) => one.part === part);
    const width = Math.min(40, Math.max(...own.map(({ what }) => what.length)));
    return `${part}\n${own.map((one) => rowText(one, width, colour)).join("")}`;
  });
  return [head, ...parts].join("\n");
}
