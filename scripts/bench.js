// SPDX-License-Identifier: Apache-2.0

/** npm run bench: compares runts with the other runtimes of this machine, in one sitting and in turn. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildPrograms } from "./bench/build.js";
import { BUNDLES, LIMITS } from "./bench/bundles.js";
import { enterCgroup2 } from "./bench/cgroup.js";
import { check, verdictText } from "./bench/check.js";
import { Contest } from "./bench/contest.js";
import { COMMANDS } from "./bench/contestant.js";
import { enterLimits } from "./bench/limits.js";
import { profile } from "./bench/profile.js";
import { report, text } from "./bench/report.js";
import { findRuntimes } from "./bench/runtimes.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const USAGE = `usage: npm run bench -- [options]

  --runs N          rounds, each with one sample of each command by each runtime (default 30)
  --runtime PATH    also compare this runtime (path or name; repeatable); crun, runc and youki of PATH are
  --only COMMAND    measure only this (repeatable): ${COMMANDS.join(", ")}
  --limits          instead of the usual bundles one with ten limits, in a virtual machine where this one's cgroup
                    tree has no controllers for them
  --json            print all figures as JSON
  --check           exit with 1 when a bar of docs/performance.md is missed
  --profile         show where the time of the first runtime goes
  --subject PATH    the executable under test (default build/runts)
`;

function options() {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "30" },
      runtime: { type: "string", multiple: true, default: [] },
      only: { type: "string", multiple: true, default: [] },
      subject: { type: "string", default: join(ROOT, "build", "runts") },
      limits: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs takes a number from 1 up, not ${values.runs}`);
  const only = values.only.map((name) => (name === "version" ? "--version" : name));
  for (const name of only) if (!COMMANDS.includes(name)) throw new Error(`--only does not know ${name}`);
  const bundles = values.limits ? [LIMITS] : BUNDLES;
  return { ...values, runs, bundles, wanted: new Set(only.length > 0 ? only : COMMANDS) };
}

function warn(message) {
  process.stderr.write(`bench: ${message}\n`);
}

/** Prints what was asked for; the exit status. */
async function tell(contest, chosen) {
  const data = report(contest, chosen.runs);
  const verdicts = chosen.check ? check(data, chosen.wanted, chosen.bundles) : [];
  if (chosen.json) {
    process.stdout.write(`${JSON.stringify({ ...data, check: verdicts }, null, 2)}\n`);
  } else {
    process.stdout.write(`${text(data, contest.floor.label)}\n`);
    if (chosen.check) process.stdout.write(`\n${verdictText(verdicts)}\n`);
  }
  if (chosen.profile)
    process[chosen.json ? "stderr" : "stdout"].write(`\n${await profile(contest, chosen.wanted)}\n`);
  return verdicts.every(({ ok }) => ok) ? 0 : 1;
}

async function main() {
  const chosen = options();
  if (chosen.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (process.getuid() !== 0)
    throw new Error("must be run as root: mounts and cgroups of all runtimes are compared");
  const programs = buildPrograms(ROOT);
  const entered = chosen.limits ? enterLimits(ROOT) : await enterCgroup2();
  if (entered !== undefined) return entered;
  const contest = new Contest(chosen.bundles, programs, warn);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => contest.interrupt());
  try {
    await contest.open(findRuntimes(chosen.subject, chosen.runtime, warn));
    if (contest.contestants.length === 0) throw new Error("there is no runtime to measure");
    for (let i = 0; i < chosen.runs; i++) await contest.round(i, chosen.wanted);
    return await tell(contest, chosen);
  } finally {
    await contest.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  warn(error.message);
  process.exitCode = 1;
}
