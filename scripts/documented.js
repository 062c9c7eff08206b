#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0

// documented.js [--write] DOCUMENT: types what its ```console blocks say behind "$ ", at a terminal, and compares what
// is printed; with --write it writes that into the document. /tmp/app of the document is a folder of its own, of a name
// as long, since what is printed is cut to a width.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const write = process.argv[2] === "--write";
const file = process.argv.at(-1);
const scratch = mkdtempSync(join(tmpdir(), "runts-documented-"));
const app = folderLike("/tmp/app");
const program = join(scratch, "runts");
const runts = resolve(process.env.RUNTS ?? "build/runts");
writeFileSync(program, `#!/bin/sh\nexec ${runts} --root ${scratch}/root "$@"\n`);
chmodSync(program, 0o755);

function folderLike(path) {
  for (;;) {
    const name = path.replace(/[^/]+$/, (last) =>
      Math.random()
        .toString(36)
        .slice(2, 2 + last.length),
    );
    try {
      if (name.length === path.length) mkdirSync(name);
      else continue;
      return name;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
}

/** script(1) gives the command a terminal, whose lines end as a terminal's do. */
function typed(line) {
  const command = line.replaceAll("/tmp/app", app);
  const env = { ...process.env, PATH: `${scratch}:${process.env.PATH}`, NO_COLOR: "1", COMMAND: command };
  const { stdout } = spawnSync("script", ["-qec", 'sh -c "$COMMAND"', "/dev/null"], {
    encoding: "utf8",
    env,
    timeout: 60_000,
  });
  // the value that nearly every host has
  const usual = stdout.replaceAll(readFileSync("/proc/sys/fs/nr_open", "utf8").trim(), "1048576");
  return usual.replaceAll("\r\n", "\n").replaceAll(app, "/tmp/app");
}

/** A block as it would be, with what each of its commands prints. */
function printed(block) {
  const commands = block.split("\n").filter((line) => line.startsWith("$ "));
  return commands.map((line) => `${line}\n${typed(line.slice(2))}`).join("");
}

const text = readFileSync(file, "utf8");
let result;
try {
  result = text.replace(/(?<=^```console\n)[\s\S]*?(?=^```$)/gm, printed);
} finally {
  for (const folder of [scratch, app]) rmSync(folder, { recursive: true });
}
if (write) writeFileSync(file, result);
const [expected, found] = [text.split("\n"), result.split("\n")];
const at = found.findIndex((line, i) => line !== expected[i]);
if (text !== result) {
  const around = (lines) => lines.slice(Math.max(0, at - 3), at + 6).join("\n");
  console.log(`${file}:${at + 1}: expected\n${around(expected)}\nfound\n${around(found)}`);
}
process.exitCode = text === result || write ? 0 : 1;
