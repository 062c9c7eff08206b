// SPDX-License-Identifier: Apache-2.0

import { act, type Cases, observe } from "../../case.ts";
import { equal, holds, outcomeIs, present } from "../../expect.ts";
import { observeOnTerminal } from "../../instruments/terminal.ts";
import { lstat, open, stat } from "../../questions.ts";

const pseudoterminals = 136;

export default {
  console: act({
    clauses: ["devices.console"],
    change: { "/process/terminal": true },
    run: async (stage) => {
      const seen = await observeOnTerminal(stage, {
        console: lstat("/dev/console"),
        input: stat("/proc/self/fd/0"),
        attempt: open("/dev/console", "rw"),
      });
      const bound = present("/dev/console", seen.console);
      equal("type of /dev/console", bound.type, "character");
      equal("major number of /dev/console", bound.major, pseudoterminals);
      const identity = (node: typeof seen.input) => node && [node.device, node.inode];
      equal("/dev/console, beside standard input", identity(bound), identity(seen.input));
      outcomeIs("opening /dev/console", seen.attempt, "ok");
    },
  }),
  tty: act({
    clauses: ["devices.default-tty"],
    change: { "/process/terminal": true },
    run: async (stage) => {
      const { attempt } = await observeOnTerminal(stage, { attempt: open("/dev/tty", "rw") });
      outcomeIs("opening /dev/tty", attempt, "ok");
    },
  }),
  ptmx: observe({
    clauses: ["devices.ptmx"],
    ask: {
      entry: lstat("/dev/ptmx"),
      multiplexer: stat("/dev/pts/ptmx"),
      reached: stat("/dev/ptmx"),
      attempt: open("/dev/ptmx", "rw"),
    },
    expect: ({ entry, multiplexer, reached, attempt }) => {
      const { type, target } = present("/dev/ptmx", entry);
      const isLink = type === "symlink" && (target === "pts/ptmx" || target === "/dev/pts/ptmx");
      const made = type === "symlink" ? `symlink to ${target}` : type;
      holds("/dev/ptmx", made, "a symlink to pts/ptmx, or bound from it", isLink || type === "character");
      equal(
        "device and inode of /dev/ptmx",
        [reached?.device, reached?.inode],
        [multiplexer?.device, multiplexer?.inode],
      );
      outcomeIs("opening /dev/ptmx", attempt, "ok");
    },
  }),
} satisfies Cases;
