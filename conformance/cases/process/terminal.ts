// SPDX-License-Identifier: Apache-2.0

import { act, type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { observeOnTerminal, offerConsole } from "../../instruments/terminal.ts";
import { terminal } from "../../questions.ts";

const consoleSize = { height: 33, width: 101 };

const incomplete = (size: object) =>
  act({
    clauses: ["process.console-size-complete"],
    change: { "/process/terminal": true, "/process/consoleSize": size },
    run: async (stage) => {
      const { flags } = await offerConsole(stage);
      await stage.expectRefusal("either", flags);
    },
  });

const none = (change: object) =>
  observe({
    clauses: ["process.terminal-default"],
    change: { ...change },
    ask: { terminal },
    expect: (seen) => equal("streams that are terminals", seen.terminal.isTerminal, [false, false, false]),
  });

export default {
  streams: act({
    clauses: ["process.terminal"],
    change: { "/process/terminal": true },
    run: async (stage) => {
      const seen = await observeOnTerminal(stage, { terminal });
      equal("streams that are terminals", seen.terminal.isTerminal, [true, true, true]);
    },
  }),
  absent: none({ "/process/terminal": undefined }),
  false: none({ "/process/terminal": false }),
  size: act({
    clauses: ["process.console-size"],
    change: { "/process/terminal": true, "/process/consoleSize": consoleSize },
    run: async (stage) => {
      const { rows, columns } = (await observeOnTerminal(stage, { terminal })).terminal;
      equal("rows and columns", [rows, columns], [consoleSize.height, consoleSize.width]);
    },
  }),
  "size-without-height": incomplete({ width: 101 }),
  "size-without-width": incomplete({ height: 33 }),
  "size-ignored": observe({
    clauses: ["process.console-size-ignored"],
    change: { "/process/terminal": false, "/process/consoleSize": consoleSize },
    ask: { terminal },
    expect: (seen) => equal("streams that are terminals", seen.terminal.isTerminal, [false, false, false]),
  }),
} satisfies Cases;
