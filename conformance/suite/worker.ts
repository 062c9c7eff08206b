// SPDX-License-Identifier: Apache-2.0

/**
 * The worker: judges cases one at a time in mount and PID namespaces of its own, which the warden (host/) has made
 * and whose end takes everything with it that a runtime forgot.
 */

import { spawnSync } from "node:child_process";
import * as v from "valibot";
import { makeOwnCgroup, mountpoint, removeCgroup } from "../stage/cgroups.ts";
import { type Host, lookAtHost } from "../stage/host.ts";
import { Reaps } from "../stage/reaps.ts";
import type { Setting } from "../stage/stage.ts";
import { allCases, preflightName } from "./cases.ts";
import { judge } from "./judge.ts";
import { lineReader, order, type WorkOrder } from "./messages.ts";
import { preflight } from "./preflight.ts";

const tell = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** A file system whose properties do not depend on the host's /tmp (nosuid, nodev), and that is quick to clear. */
function mountScratch(folder: string): void {
  const args = ["-t", "tmpfs", "-o", "mode=755", "conformance", folder];
  const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mount tmpfs on ${folder}: ${stderr || error?.message}`);
}

export async function work(given: WorkOrder): Promise<void> {
  mountScratch(given.folder);
  const own = makeOwnCgroup(given.cgroup);
  const host: Host = lookAtHost(own);
  const reaps = new Reaps();
  const { probe, warden, seconds } = given;
  const setting: Setting = {
    host,
    reaps,
    probe,
    warden,
    seconds,
    command: given.runtime,
    cgroup: `/${given.cgroup}`,
  };
  tell({ host });
  let number = 0;
  let chain = Promise.resolve();

  const perform = async (name: string) => {
    const folder = `${given.folder}/case-${++number}`;
    const keep = `${given.keep}/${name.replaceAll("/", ".")}`;
    if (name === preflightName) {
      tell({ preflight: await preflight(setting, folder) });
      return;
    }
    const wanted = allCases.get(name);
    if (!wanted) throw new Error(`no such case: ${name}`);
    tell({ result: await judge(name, wanted, setting, folder, keep) });
  };

  const onLine = (line: string) => {
    const asked = v.parse(order, JSON.parse(line));
    if (asked.do === "reaped") reaps.note(asked.line);
    else chain = chain.then(() => perform(asked.name));
  };
  process.stdin.setEncoding("utf8").on("data", lineReader(onLine));
  await new Promise((resolve) => process.stdin.on("end", resolve));
  await chain;
  removeCgroup(`${mountpoint}/${given.cgroup}`);
  process.exit(0);
}
