// SPDX-License-Identifier: Apache-2.0
// A few lines of TAP: checks are registered by name, run two at a time, and reported in order.

import assert from "node:assert/strict";

/** Thrown by a check that cannot be made here; the reason is printed. */
export class Skip extends Error {}

/** Registers checks and runs them. `workers` at a time, because most of a check is waiting for Podman. */
export class Checks {
  #list = [];
  #offset;

  /** `offset`: how many checks other instances have numbered before. */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  add(name, body, group) {
    this.#list.push({ name, body, group });
  }

  async run(workers) {
    const queue = [...this.#list];
    const reports = new Map();
    let printed = 0;
    const printDone = () => {
      for (; reports.has(this.#list[printed]); printed++) console.log(reports.get(this.#list[printed]));
    };
    let failed = 0;
    const groups = {};
    const work = async () => {
      for (let check = queue.shift(); check; check = queue.shift()) {
        const report = await runCheck(check, this.#offset + this.#list.indexOf(check) + 1);
        if (report.startsWith("not ok")) failed++;
        groups[check.group] ??= { passed: 0, count: 0 };
        groups[check.group].count++;
        if (/^ok .* # [\d.]+ s$/.test(report)) groups[check.group].passed++;
        reports.set(check, report);
        printDone();
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    return { count: this.#list.length, failed, groups };
  }
}

async function runCheck({ name, body }, number) {
  const start = Date.now();
  const seconds = () => `# ${((Date.now() - start) / 1000).toFixed(1)} s`;
  try {
    await body();
    return `ok ${number} - ${name} ${seconds()}`;
  } catch (error) {
    if (error instanceof Skip) return `ok ${number} - ${name} # SKIP ${error.message}`;
    const details = error instanceof assert.AssertionError ? error.message : String(error.stack);
    return `not ok ${number} - ${name} ${seconds()}\n${details.replace(/^/gm, "  # ")}`;
  }
}

/** The result of a command, in full, for the failure's text. */
function told(result) {
  return `${result.command}\nexit code ${result.code}\nstdout: ${result.out}\nstderr: ${result.err}`;
}

/** The command's exit code and, where given, its whole output (trimmed). */
export function expectResult(result, code, out) {
  assert.ok(result.code === code, `exit code ${code} was expected\n${told(result)}`);
  if (out !== undefined) {
    assert.ok(result.out.trim() === out, `output ${JSON.stringify(out)} was expected\n${told(result)}`);
  }
}

/** `line`: a string, or a pattern. */
export function expectLine(result, index, line) {
  const found = result.lines[index] ?? "";
  const fits = typeof line === "string" ? found === line : line.test(found);
  assert.ok(fits, `line ${index} ${line} was expected, not ${JSON.stringify(found)}\n${told(result)}`);
}

export function expectMatch(result, pattern) {
  const text = result.out + result.err;
  assert.ok(pattern.test(text), `${pattern} was expected\n${told(result)}`);
}

/** Several checks can look at what one container printed: it runs for the first that asks. */
export function once(body) {
  let promise;
  return () => {
    promise ??= body();
    return promise;
  };
}
