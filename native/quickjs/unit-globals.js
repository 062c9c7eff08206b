// SPDX-License-Identifier: Apache-2.0

// What uvu expects around itself, on an engine that has none of it. With a `process`, uvu says by its
// exit code whether a test failed.
{
  const host = globalThis.__runtsHost;
  const timers = [];
  const listeners = [];

  globalThis.process = {
    argv: ["runts-unit"],
    env: {},
    exitCode: 0,
    stdout: { write: (text) => host.write(1, text) },
    stderr: { write: (text) => host.write(2, text) },
    on: (event, listener) => event === "exit" && listeners.push(listener),
    hrtime: (since = [0, 0]) => {
      const passed = host.now() - since[0] * 1e9 - since[1];
      return [Math.floor(passed / 1e9), passed % 1e9];
    },
  };
  globalThis.performance = { now: () => host.now() / 1e6 };

  const print = (fd) => (...values) => host.write(fd, `${values.map(String).join(" ")}\n`);
  globalThis.console = { log: print(1), info: print(1), warn: print(2), error: print(2) };

  globalThis.setTimeout = (call, milliseconds = 0, ...args) => {
    const timer = { due: host.now() + milliseconds * 1e6, call: () => call(...args) };
    timers.push(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    const at = timers.indexOf(timer);
    if (at >= 0) timers.splice(at, 1);
  };

  // Runs the timer due next, if there is any.
  globalThis.__runtsTimer = () => {
    timers.sort((a, b) => a.due - b.due);
    const timer = timers.shift();
    if (timer === undefined) return false;
    while (host.now() < timer.due);
    timer.call();
    return true;
  };
  globalThis.__runtsExit = () => {
    for (const listener of listeners) listener();
    return process.exitCode;
  };
}
