// SPDX-License-Identifier: Apache-2.0

/** Operations that do something else than they say, or say something else than they do. */

import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, readlinkSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { Call } from "./call.ts";
import { afterCreate, afterDelete, configOf, contentWhen, inConfig } from "./faults.ts";
import type { Mutant } from "./mutant.ts";

const configText = ({ bundle }: Call) => readFileSync(`${bundle}/config.json`, "utf8");

/** What start needs to create the container once more. */
function noteCreate(call: Call): number {
  const code = call.real();
  if (code !== 0) return code;
  call.note("words", JSON.stringify(call.words));
  call.note("config", configText(call));
  call.note("output", readlinkSync("/proc/self/fd/1"));
  return code;
}

function startWithNewConfig(call: Call): number {
  const words: readonly string[] = JSON.parse(call.noted("words") ?? "[]");
  const created = new Call(call.runtime, words);
  if (words.length === 0 || configText(created) === call.noted("config")) return call.real();
  call.other("delete", "--force", call.id);
  const output = openSync(call.noted("output") ?? "/dev/null", "a");
  return created.real({ output }) || call.real();
}

export const lifecycle: readonly Mutant[] = [
  {
    name: "program-run-by-create",
    about: "create runs the program.",
    breaks: ["lifecycle.program-waits", "lifecycle.create-spares-args"],
    fault: {
      create: (call) => call.real() || call.other("start", call.id),
      start: (call) => (call.state() ? 0 : call.real()),
    },
  },
  {
    name: "config-read-by-start",
    about: "What is in config.json at the time of start counts.",
    breaks: ["lifecycle.config-frozen"],
    fault: { create: noteCreate, start: startWithNewConfig },
  },
  {
    name: "start-half-a-second-late",
    about: "start ends before the program runs.",
    breaks: ["state.running", "lifecycle.start"],
    fault: {
      start: (call) => {
        if (call.state()?.status !== "created") return call.real();
        const late = 'sleep 0.5; exec "$0" "$@"';
        spawn("/bin/sh", ["-c", late, call.runtime, ...call.words], {
          detached: true,
          stdio: "ignore",
        }).unref();
        return 0;
      },
    },
  },
  {
    name: "start-of-running-ok",
    about: "start of a running container is no error.",
    breaks: ["lifecycle.start-only-created"],
    fault: contentWhen("start", (status) => status === "running"),
  },
  {
    name: "start-of-stopped-ok",
    about: "start of a stopped container is no error.",
    breaks: ["lifecycle.start-only-created"],
    fault: contentWhen("start", (status) => status === "stopped"),
  },
  {
    name: "start-of-unknown-ok",
    about: "start of a container that does not exist is no error.",
    breaks: ["lifecycle.start-only-created"],
    fault: contentWhen("start", (status, { id }) => status === undefined && id !== ""),
  },
  {
    name: "process-guessed",
    about: "Without process some program is taken.",
    breaks: ["lifecycle.start-needs-process"],
    fault: inConfig((config) => {
      config.process ??= {
        user: { uid: 0, gid: 0 },
        cwd: "/",
        args: ["/probe"],
        capabilities: { bounding: [] },
      };
    }),
  },
  {
    name: "kill-sends-term",
    about: "kill sends SIGTERM, whatever it is told.",
    breaks: ["lifecycle.kill"],
    fault: { kill: (call) => (call.rest[0] ? call.other("kill", call.id, "TERM") : call.real()) },
  },
  {
    name: "kill-of-created-skipped",
    about: "kill of a created container says that all is well, and sends nothing.",
    breaks: ["lifecycle.kill-created"],
    fault: contentWhen("kill", (status) => status === "created"),
  },
  {
    name: "kill-of-stopped-ok",
    about: "kill of a stopped container is no error.",
    breaks: ["lifecycle.kill-only-alive"],
    fault: contentWhen("kill", (status) => status === "stopped"),
  },
  {
    name: "kill-of-unknown-ok",
    about: "kill of a container that does not exist is no error.",
    breaks: ["lifecycle.kill-only-alive"],
    fault: contentWhen("kill", (status, { id }) => status === undefined && id !== ""),
  },
  {
    name: "delete-kills",
    about: "delete of a running container ends it first.",
    breaks: ["lifecycle.delete-only-stopped"],
    fault: {
      delete: (call) =>
        call.state()?.status === "running" ? call.other("delete", "--force", call.id) : call.real(),
    },
  },
  {
    name: "delete-of-unknown-ok",
    about: "delete of a container that does not exist is no error.",
    breaks: ["lifecycle.delete-only-stopped"],
    fault: contentWhen("delete", (status, { id }) => status === undefined && id !== ""),
  },
  {
    name: "delete-empties-rootfs",
    about: "delete removes what is in the root filesystem.",
    breaks: ["lifecycle.delete-spares"],
    fault: {
      ...afterCreate((_, call) => call.note("bundle", call.bundle)),
      ...afterDelete((call) => rmSync(`${call.noted("bundle")}/rootfs`, { recursive: true, force: true })),
    },
  },
  {
    name: "delete-removes-existing-cgroup",
    about: "delete removes a cgroup that was there before create.",
    breaks: ["lifecycle.delete-spares"],
    fault: {
      ...afterCreate((_root, call) => call.note("cgroup", configOf(call)?.linux?.cgroupsPath ?? "")),
      ...afterDelete((call) => {
        const path = `/sys/fs/cgroup${call.noted("cgroup")}`;
        if (call.noted("cgroup")?.startsWith("/") && existsSync(path)) rmdirSync(path);
      }),
    },
  },
  {
    name: "descriptor-kept-open",
    about: "The program has a descriptor that nobody asked for.",
    breaks: ["lifecycle.descriptors"],
    fault: {
      create: (call) => {
        const at = call.words.indexOf("create") + 1;
        const words = call.words.toSpliced(at, 0, "--preserve-fds", "1");
        return call.real({ words, more: [openSync("/dev/null", "r")] });
      },
    },
  },
  {
    name: "dev-fd-missing",
    about: "There is no /dev/fd.",
    breaks: ["lifecycle.dev-fd"],
    fault: afterCreate((root) => rmSync(`${root}/dev/fd`, { force: true })),
  },
  {
    name: "dev-stderr-copied",
    about: "/dev/stderr is a file.",
    breaks: ["lifecycle.dev-stderr"],
    fault: afterCreate((root) => {
      const path = `${root}/dev/stderr`;
      rmSync(path, { force: true });
      if (existsSync(`${root}/dev/null`)) writeFileSync(path, "");
    }),
  },
];
