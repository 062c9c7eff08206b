// SPDX-License-Identifier: Apache-2.0

/** Makes a broken bundle, lets it fail for real, and reads what is told of it. */

import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { edited } from "../../lib/config/fixtures/edit.ts";
import type { Json } from "../../lib/host.ts";
import { makeBundle, ownRootfs, shell } from "../native/bundle.ts";
import { Runtime } from "../native/runtime.ts";
import { newId } from "../native/scratch.ts";
import type { Broken, RootfsFile } from "./broken.ts";

/** What is told in full: its parts by their labels, and the whole. */
export interface Told {
  readonly status: number | null;
  readonly line: string;
  readonly step: string;
  readonly config: string;
  readonly cause: string;
  readonly try: string;
  readonly all: string;
}

function place(rootfs: string, name: string, file: RootfsFile): void {
  const path = join(rootfs, name);
  const { text = "", hex, link, mode = 0o755, owner } = file;
  if (name.endsWith("/")) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    if (link !== undefined) symlinkSync(link, path);
    else {
      writeFileSync(path, hex === undefined ? text : Buffer.from(hex, "hex"));
      chmodSync(path, mode);
    }
  }
  if (owner !== undefined) (link === undefined ? chownSync : lchownSync)(path, owner, owner);
}

function replaced(value: Json, names: Readonly<Record<string, string>>): Json {
  if (typeof value === "string")
    return value.replace(/\b(?:BUNDLE|SLEEPER|ID)\b/g, (word) => names[word] ?? word);
  if (Array.isArray(value)) return value.map((item) => replaced(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [replacedText(name, names), replaced(child, names)]),
  );
}

function replacedText(text: string, names: Readonly<Record<string, string>>): string {
  return String(replaced(text, names));
}

export function makeBroken({ edits = {}, files, document }: Broken, id: string): string {
  const bundle = makeBundle();
  const path = join(bundle, "config.json");
  const config: { [name: string]: Json } = JSON.parse(readFileSync(path, "utf8"));
  if (files) {
    const rootfs = ownRootfs(bundle);
    config.root = { path: "rootfs" };
    for (const [name, file] of Object.entries(files)) place(rootfs, name, file);
  }
  const names = { BUNDLE: bundle, ID: id };
  const changes = Object.fromEntries(
    Object.entries(edits).map(([pointer, value]) => [
      pointer.startsWith("/linux/netDevices") ? replacedText(pointer, names) : pointer,
      value === undefined ? undefined : replaced(value, names),
    ]),
  );
  writeFileSync(path, document ?? JSON.stringify(edited(changes, config), null, 2));
  return bundle;
}

/** The parts of a failure told in full. */
export function parts(text: string): Omit<Told, "status" | "all"> {
  const told: Record<string, string> = { step: "", config: "", cause: "", try: "" };
  const [line = "", ...rest] = text.replace(/^runts: warning.*\n/gm, "").split("\n");
  let label = "";
  let said = line;
  for (const row of rest) {
    const match = /^ {2}(step|config|cause|try|) {2,8}(\S.*)$/.exec(row);
    if (!match) {
      if (label !== "") break;
      said = `${said}\n${row}`; // faults of a document have lines of their own
      continue;
    }
    label = match[1] || label;
    told[label] = `${told[label] ?? ""}${told[label] ? "\n" : ""}${match[2] ?? ""}`;
  }
  const { step = "", config = "", cause = "" } = told;
  // an error that says itself what it comes from has no other cause
  return { line, step, config, cause: cause === "" ? said : cause, try: told.try ?? "" };
}

let sleeper: string | undefined;

/** Runs what fails, and takes away what it leaves on purpose. */
export function attempt(broken: Broken, runtime: Runtime = new Runtime()): Told {
  const id = newId();
  const bundle = makeBroken(broken, id);
  if (JSON.stringify(broken.before ?? []).includes("SLEEPER")) sleeper ??= makeBundle(shell("sleep 100"));
  const names = { BUNDLE: bundle, ID: id, SLEEPER: sleeper ?? "" };
  const words = (command: readonly string[]) => command.map((word) => replacedText(word, names));
  try {
    for (const command of broken.before ?? []) {
      const { status, err } = runtime.call(words(command));
      if (status !== 0) throw new Error(`${command.join(" ")}: ${err}`);
    }
    const command = words(broken.command ?? ["run", "--bundle", "BUNDLE", "ID"]);
    const { status, err } = runtime.call(["--debug", ...command]);
    return { status, ...parts(err), all: err };
  } finally {
    for (const left of [id, `${id}-first`]) runtime.call(["delete", "--force", left]);
  }
}

/** What is missing of the answer that a person needs; empty when it is right. */
export function wrongs({ cause, mend, pointer }: Broken, told: Told): readonly string[] {
  const says = (part: string) => part.replaceAll("\n", " ");
  return [
    ...(told.status === 0 ? ["it does not fail"] : []),
    ...(cause.test(says(told.cause)) ? [] : [`no cause like ${cause}`]),
    ...(mend.test(says(told.try)) ? [] : [`nothing to try like ${mend}`]),
    ...(pointer === "" ||
    told.config.includes(`: ${pointer.replace("ID", "")}`) ||
    told.config.includes(pointer)
      ? []
      : [`no place ${pointer}`]),
  ];
}
