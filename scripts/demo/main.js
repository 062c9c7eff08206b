// SPDX-License-Identifier: Apache-2.0
// node scripts/demo/main.js RUNTS BUNDLE ID
//
// The demo's story: a configuration, the limits that this host allows, one container, and what was seen of it.
// BUNDLE is a folder that scripts/demo.sh has made, and removes.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { demoConfig, limits } from "./config.js";
import { dim, heading, line } from "./page.js";
import { showTimeline } from "./timeline.js";
import { parseView, showLimits, showRefusals, showSurroundings } from "./views.js";

const [runts = "", bundle = "", id = ""] = process.argv.slice(2);

function call(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", ...options });
  if (error) throw error;
  return { status, stdout, stderr };
}

function must(result, what) {
  if (result.status !== 0) throw new Error(`${what} failed with ${result.status}: ${result.stderr.trim()}`);
  return result.stdout;
}

/** Root of a user namespace (`unshare -r`) may do no more than an ordinary user. */
function isRoot() {
  const map = readFileSync("/proc/self/uid_map", "utf8").trim().split(/\s+/).join(" ");
  return process.geteuid() === 0 && map === "0 0 4294967295";
}

function runtime(...args) {
  return call(runts, ["--root", `${bundle}/state`, ...args]);
}

function writeConfig(config) {
  writeFileSync(`${bundle}/config.json`, JSON.stringify(config, null, 2));
}

/** Tries each limit, so that the runtime itself says which it cannot set, and why. */
function tryLimits(spec) {
  const refusals = new Map();
  for (const name of Object.keys(limits)) {
    writeConfig(demoConfig(spec, [name], ["true"]));
    const { status, stderr } = runtime("run", "--bundle", bundle, id);
    if (status === 0) continue;
    const why = stderr
      .trim()
      .replace(/^runts: /, "")
      .replace(/ \([^()]*config\.json[^()]*\)$/, "");
    refusals.set(
      name,
      why.replace(/^cgroup controller \w+ is not available: /, "").replace(/^it is/, "the controller is"),
    );
  }
  return refusals;
}

const root = isRoot();
must(runtime("spec", ...(root ? [] : ["--rootless"]), "--bundle", bundle), "runts spec");
const spec = JSON.parse(readFileSync(`${bundle}/config.json`, "utf8"));
writeConfig(demoConfig(spec, [], ["true"]));
must(runtime("run", "--bundle", bundle, id), "runts run");

const refusals = tryLimits(spec);
writeConfig(
  demoConfig(
    spec,
    Object.keys(limits).filter((name) => !refusals.has(name)),
  ),
);

const files = { trace: `${bundle}/trace`, pid: `${bundle}/pid` };
const look = call(`${bundle}/rootfs/bin/busybox`, ["sh", `${bundle}/rootfs/demo/look.sh`], {
  env: { PATH: `${bundle}/rootfs/bin` },
});
const outside = parseView(must(look, "look.sh"));
const began = performance.now();
const ran = runtime("run", "--bundle", bundle, `--trace=${files.trace}`, "--pid-file", files.pid, id);
const took = performance.now() - began;
const inside = parseView(must(ran, "runts run"));
const known = JSON.parse(must(runtime("features"), "runts features")).linux.capabilities;

const version = must(runtime("--version"), "runts --version").split("\n")[0].replace("version ", "");
heading(`A container, run by ${version} ${root ? "as root" : "without root, in a user namespace"}`);
line(
  "  busybox's shell in a small root file system, with the config.json that `runts spec` writes and a few",
);
line("  things more to see: a network and limits of its own, a seccomp filter.");
showSurroundings(outside, inside, readFileSync(files.pid, "utf8"), known);
showLimits(outside, inside, refusals);
showRefusals(outside, inside);
showTimeline(readFileSync(files.trace, "utf8"));
line();
line(dim(`  The whole command, with its program and its clean-up: ${took.toFixed(0)} ms.`));
line(dim("  Your own: build/runts spec -b DIR writes a config.json, build/runts run -b DIR NAME runs it."));
