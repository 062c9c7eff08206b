// SPDX-License-Identifier: Apache-2.0

/**
 * Takes secrets out of what is to be shown to others. Variables of environments lose their values by their place,
 * other texts by their looks; and what was found at such a place is taken out wherever else it occurs.
 */

import type { Json } from "../../host.ts";
import { isObject, toJson, writeJson } from "../../json.ts";

export const masked = "(masked)";

/** Their values say how a program is found and speaks; HOSTNAME is part of every path of an engine's container. */
const shownVariables: ReadonlySet<string> = new Set([
  ...["PATH", "HOME", "HOSTNAME", "TERM", "LANG", "LC_ALL", "TZ", "container"],
  ...["DBUS_SESSION_BUS_ADDRESS", "LISTEN_FDS", "NOTIFY_SOCKET", "XDG_RUNTIME_DIR"],
]);

const words =
  "pass(?:w(?:or)?d|phrase|code)|secret|token|credential|cookie|authorization|(?:api|access|private|encryption|fastopen|account|shared)[-_. ]?key";
/** Names of options, annotations, sysctls and members. */
const secretName = new RegExp(`${words}|^(?:pass|pwd|auth)$|[-_.]auth$`, "i");
const secretFlag = new RegExp(`^--?[\\w-]{0,40}(?:${words})[\\w-]{0,40}$`, "i");

/** Lists of NAME=value. */
const isEnvironment = (name: string): boolean => /^env(?:ironment)?$/i.test(name);

/** Pointers to values that are masked, so that whatever quotes them is, too. */
const leadsToSecret = (pointer: unknown): boolean =>
  typeof pointer === "string" && /\/(?:env|annotations|listenerMetadata)(?:\/|$)/.test(pointer);

/** What is a secret by its looks; bounded everywhere, since texts may be anybody's. */
const looks: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, masked],
  [/(\/\/)[^\s/@:"']{0,200}:[^\s/@"']{1,200}@/g, `$1${masked}@`],
  [/\b(bearer|basic) {1,3}[\w+/=.~-]{8,}/gi, `$1 ${masked}`],
  [
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|xox[abeprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|sk-[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)/g,
    masked,
  ],
  [
    new RegExp(
      `((?:${words}|\\b(?:pass|pwd|auth))[\\w.-]{0,40}["']? {0,3}[=:] {0,3})("[^"]*"|'[^']*'|[^\\s"'&,;]+)`,
      "gi",
    ),
    `$1${masked}`,
  ],
  [new RegExp(`(--[\\w-]{0,40}(?:${words})[\\w-]{0,40} {1,3})([^\\s"'-][^\\s"']*)`, "gi"), `$1${masked}`],
];

export class Mask {
  readonly #secrets = new Set<string>();

  /** @param documents what has secrets at known places: configurations, processes, faults */
  constructor(documents: readonly Json[]) {
    for (const document of documents) this.of(document);
  }

  /** The value with what must not be seen masked. */
  of(value: Json, name = ""): Json {
    if (typeof value === "string") return this.#member(value, name);
    if (Array.isArray(value)) return isEnvironment(name) ? value.map(this.#entry) : this.#list(value);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map((member) => this.#named(member, name, value)));
  }

  /** Of a text alone. */
  text(text: string): string {
    let shown = text;
    for (const secret of this.#secrets) if (shown.includes(secret)) shown = shown.replaceAll(secret, masked);
    for (const [look, instead] of looks) shown = shown.replace(look, instead);
    return shown;
  }

  #named(
    [name, given]: [string, unknown],
    above: string,
    { pointer }: object & { pointer?: unknown },
  ): [string, Json] {
    const value = toJson(given);
    const quotes = leadsToSecret(pointer) && (name === "found" || name === "text" || name === "detail");
    // a line of the document may be all of it
    if (name === "text" && typeof value === "string" && /"(?:env|annotations)"/i.test(value))
      return [name, masked];
    if (quotes || isEnvironment(above)) return [name, this.#hide(value, name)];
    return [name, this.of(value, name)];
  }

  #member(text: string, name: string): string {
    if (name === "listenerMetadata" || secretName.test(name) || isEnvironment(name))
      return this.#hide(text, name);
    if (!/^\s*[[{]/.test(text)) return this.text(text);
    try {
      return writeJson(this.of(JSON.parse(text)));
    } catch {
      return this.text(text);
    }
  }

  readonly #entry = (entry: Json): Json => {
    if (typeof entry === "string") return this.#variable(entry);
    if (!isObject(entry)) return masked;
    const { name = "", value = "" } = entry; // as Kubernetes has them
    return { ...toJsonObject(entry), value: this.#hide(toJson(value), String(name)) };
  };

  #variable(entry: string): string {
    const equals = entry.indexOf("=");
    if (equals < 0) return this.#hide(entry, "password");
    const name = entry.slice(0, equals);
    const value = entry.slice(equals + 1);
    if (value === "" || shownVariables.has(name)) return this.text(entry);
    return `${name}=${this.#hide(value, name)}`;
  }

  /** Words of a command line among others: the value of a flag stands beside it, or behind. */
  #list(list: readonly Json[]): Json {
    return list.map((item, i) => {
      const before = list[i - 1];
      if (typeof item !== "string") return this.of(item);
      if (before === "--env" || before === "-e") return this.#variable(item);
      if (item.startsWith("--env=")) return `--env=${this.#variable(item.slice("--env=".length))}`;
      if (typeof before === "string" && secretFlag.test(before) && !item.startsWith("-"))
        return this.#hide(item, "password");
      return this.#member(item, "");
    });
  }

  #hide(value: Json, name: string): string {
    if (typeof value === "string") {
      // as the faults of a document quote it
      const bare = value.replace(/^"|…?"?$/g, "");
      const common = /^(?:[/.].*|[a-z]+|\d{1,7})$/i.test(bare);
      const telling = secretName.test(name) ? bare.length > 3 : bare.length > 7 && !common;
      if (telling) for (const text of [bare, JSON.stringify(bare).slice(1, -1)]) this.#secrets.add(text);
    }
    return masked;
  }
}

function toJsonObject(value: object): { [name: string]: Json } {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
}
