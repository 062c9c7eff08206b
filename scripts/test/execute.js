// SPDX-License-Identifier: Apache-2.0
// Running programs and collecting what they print.

import { spawn } from "node:child_process";
import { root } from "./files.js";

/**
 * Runs a program without standard input, in the root of the repository. Both output streams arrive together, as
 * in a terminal; `onLine` sees each line of them as it comes.
 */
export function execute(file, args, { seconds = 120, env = {}, onLine = () => {} } = {}) {
  return new Promise((resolve) => {
    const start = Date.now();
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, so that a time-out ends what the program has started, too.
      detached: true,
    });
    let output = "";
    let rest = "";
    const collect = (chunk) => {
      output += chunk;
      const lines = (rest + chunk).split("\n");
      rest = lines.pop();
      lines.forEach(onLine);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);

    const timer = setTimeout(() => {
      output += `\nstopped after ${seconds} seconds\n`;
      killGroup(child.pid);
    }, seconds * 1000);
    const done = (code) => {
      clearTimeout(timer);
      if (rest) onLine(rest);
      resolve({ code, output, seconds: (Date.now() - start) / 1000 });
    };
    child.on("error", (error) => {
      output += `${file}: ${error.message}\n`;
      done(127);
    });
    child.on("close", (code, signal) => {
      if (signal) output += `\nended by ${signal}\n`;
      done(code ?? 1);
    });
  });
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended in the meantime.
  }
}

/** Calls `work` for every item, `workers` at a time. */
export async function inParallel(items, workers, work) {
  const queue = [...items];
  const worker = async () => {
    while (queue.length > 0) await work(queue.shift());
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
