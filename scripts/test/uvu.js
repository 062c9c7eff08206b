// SPDX-License-Identifier: Apache-2.0
// What `import … from "uvu"` means in a bundled test: uvu itself, with two of its silences made heard. It prints the
// name of every skipped test (which carries the reason: "name # reason"), and expectAllRun() throws for a suite
// whose run() was forgotten. Runs on Node and QuickJS, so it uses nothing of either but console.log.

import * as uvu from "uvu";

const suites = [];

function watch(inner, title) {
  const state = { title, waiting: 0 };
  suites.push(state);
  const counted =
    (register) =>
    (...args) => {
      state.waiting++;
      register(...args);
    };
  return Object.assign(counted(inner), {
    only: counted(inner.only),
    skip(name) {
      state.waiting++;
      console.log(`# SKIP ${title ? `${title}: ` : ""}${name}`);
      inner.skip();
    },
    before: inner.before,
    after: inner.after,
    run() {
      state.waiting = 0;
      inner.run();
    },
  });
}

export const suite = (title = "", context = undefined) => watch(uvu.suite(title, context), title);
export const test = watch(uvu.test, "");
export const exec = uvu.exec;

/** Called at the end of each bundle. */
export function expectAllRun() {
  for (const { title, waiting } of suites) {
    if (waiting > 0)
      throw new Error(`${waiting} tests of ${title || "this file"} never run: run() is missing`);
  }
}
