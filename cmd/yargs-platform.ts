// SPDX-License-Identifier: Apache-2.0

// What yargs asks of the machine it runs on. The build puts this file in the place of
// yargs/lib/platform-shims/browser.mjs, which fetches modules from the network and needs a `console` and a
// `window`; QuickJS has neither. runts uses yargs to make texts only, so the rest can be nothing.

import cliui from "cliui";
import Parser from "yargs-parser/browser";
import stringWidth from "./string-width.ts";

function refuse(): never {
  throw new Error("not part of runts");
}

const nothing = () => {};

function fill(text: string, ...values: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%[sd]/g, (mark) => (next < values.length ? String(values[next++]) : mark));
}

export default {
  assert: { notStrictEqual: nothing, strictEqual: nothing },
  cliui,
  findUp: nothing,
  getCallerFile: () => "",
  getEnv: nothing,
  getProcessArgvBin: () => "runts",
  inspect: String,
  mainFilename: "runts",
  Parser,
  path: {
    basename: (path: string) => path,
    dirname: (path: string) => path,
    extname: () => "",
    join: (...parts: string[]) => parts.join("/"),
    relative: (_from: string, to: string) => to,
  },
  process: {
    argv: () => [],
    cwd: () => "/",
    emitWarning: nothing,
    execPath: () => "",
    exit: nothing,
    nextTick: (job: () => void) => void Promise.resolve().then(job),
    stdColumns: 100,
  },
  readFileSync: () => "",
  readdirSync: () => [],
  require: refuse,
  requireDirectory: refuse,
  stringWidth,
  y18n: {
    __: fill,
    __n: (one: string, many: string, count: number, ...values: unknown[]) =>
      fill(count === 1 ? one : many, ...(values.length === 0 ? [count] : values)),
    getLocale: () => "en_US",
    setLocale: nothing,
    updateLocale: nothing,
  },
};
