// SPDX-License-Identifier: Apache-2.0

import { parseProcess } from "../lib/config/process.ts";
import type { ExecOptions, ProcessDocument } from "../lib/container/exec.ts";
import type { ProcessChanges } from "../lib/container/exec-process.ts";
import type { Host } from "../lib/host.ts";
import { absolutePath } from "../lib/path.ts";
import { capabilityNumbers } from "../lib/tables/capabilities.ts";
import { containerFlags } from "./container-flags.ts";
import { type Call, command, type Flags, usageError } from "./flags.ts";
import { traced, traceFlags } from "./tracing.ts";

type Name = keyof typeof flags & string;

const flags = {
  process: {
    kind: "string",
    alias: "p",
    value: "FILE",
    about: "the process as JSON, as in config.json; other flags then say nothing of it",
  },
  "console-socket": containerFlags["console-socket"],
  "pidfd-socket": containerFlags["pidfd-socket"],
  "pid-file": containerFlags["pid-file"],
  "preserve-fds": {
    kind: "number",
    value: "N",
    about: "hand N descriptors to the process after 0, 1 and 2",
    otherwise: "0",
  },
  detach: { kind: "boolean", alias: "d", about: "do not wait: leave the process running" },
  tty: { kind: "boolean", alias: "t", about: "give the process a terminal" },
  user: { kind: "string", alias: "u", value: "UID[:GID]", about: "numbers of its user and group" },
  "additional-gids": {
    kind: "string",
    alias: "g",
    value: "GID",
    many: true,
    about: "number of a further group; can be given several times",
  },
  cwd: { kind: "string", value: "DIR", about: "working directory in the container" },
  env: {
    kind: "string",
    alias: "e",
    value: "NAME=VALUE",
    many: true,
    about: "variable of its environment; can be given several times",
  },
  cap: {
    kind: "string",
    alias: "c",
    value: "CAPABILITY",
    many: true,
    about: "capability that it has as well; can be given several times",
  },
  "no-new-privs": { kind: "boolean", about: "keep it from gaining privileges" },
  apparmor: { kind: "string", value: "PROFILE", about: "AppArmor profile to run under" },
  "process-label": { kind: "string", value: "LABEL", about: "SELinux label to run under" },
  cgroup: {
    kind: "string",
    many: true,
    value: "PATH",
    about: "cgroup to run in, below the container's; it must be there",
  },
  "ignore-paused": { kind: "boolean", about: "join a paused container, and wait until it is resumed" },
  ...traceFlags,
} as const satisfies Flags;

/** Beyond that, numbers stand for "leave it as it is". */
const highestId = 0xfffffffe;

/** Strictly: what is half a number has been taken for root elsewhere (CVE-2026-30892). */
function idOf(flag: string, text: string): number {
  const id = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN;
  if (id <= highestId) return id;
  throw usageError(`--${flag}: expected a number up to ${highestId}, found ${JSON.stringify(text)}`);
}

function userOf(call: Call<Name>): Pick<ProcessChanges, "uid" | "gid"> {
  if (!call.given("user")) return {};
  const [uid = "", gid, ...more] = (call.text("user") ?? "").split(":");
  if (more.length > 0) throw usageError("--user: expected UID[:GID]");
  return { uid: idOf("user", uid), ...(gid !== undefined && { gid: idOf("user", gid) }) };
}

function capabilityOf(text: string): string {
  const upper = text.toUpperCase();
  const name = upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  if (capabilityNumbers[name] === undefined) throw usageError(`--cap: no such capability: ${text}`);
  return name;
}

function variable(text: string): string {
  if (text.indexOf("=") > 0) return text;
  throw usageError(`--env: expected NAME=VALUE, found ${JSON.stringify(text)}`);
}

function changes(call: Call<Name>): ProcessChanges {
  const args = call.words.slice(1);
  if (args.length === 0) throw usageError("exec needs a program, or --process");
  const cwd = call.text("cwd");
  if (cwd !== undefined && !cwd.startsWith("/")) throw usageError("--cwd: expected an absolute path");
  const apparmorProfile = call.text("apparmor");
  const selinuxLabel = call.text("process-label");
  return {
    args,
    terminal: call.has("tty"),
    ...userOf(call),
    env: call.texts("env").map(variable),
    additionalGids: call.texts("additional-gids").map((gid) => idOf("additional-gids", gid)),
    capabilities: call.texts("cap").map(capabilityOf),
    ...(cwd !== undefined && { cwd }),
    ...(call.given("no-new-privs") && { noNewPrivileges: call.has("no-new-privs") }),
    ...(apparmorProfile !== undefined && { apparmorProfile }),
    ...(selinuxLabel !== undefined && { selinuxLabel }),
  };
}

const limit = 16 * 1024 * 1024;

async function document(host: Host, file: string): Promise<ProcessDocument> {
  const bytes = host.readFile(file === "-" ? "/dev/stdin" : file, limit);
  return { ...(await parseProcess(host, bytes, file)), file };
}

async function execOptions(call: Call<Name>): Promise<ExecOptions> {
  const { host } = call;
  const file = call.text("process");
  const path = (flag: Name) => {
    const given = call.text(flag);
    return given === undefined ? undefined : absolutePath(host.cwd(), given);
  };
  const pidFile = path("pid-file");
  const consoleSocket = path("console-socket");
  const pidfdSocket = path("pidfd-socket");
  const cgroups = call.texts("cgroup");
  if (cgroups.length > 1) throw usageError("--cgroup: one path, as cgroup v2 has one tree");
  const [cgroup] = cgroups;
  return {
    id: call.words[0] ?? "",
    process: file === undefined ? changes(call) : await document(host, file),
    detach: call.has("detach"),
    preserveFds: call.number("preserve-fds") ?? 0,
    ignorePaused: call.has("ignore-paused"),
    ...(pidFile !== undefined && { pidFile }),
    ...(consoleSocket !== undefined && { consoleSocket }),
    ...(pidfdSocket !== undefined && { pidfdSocket }),
    ...(cgroup !== undefined && { cgroup }),
  };
}

export default command({
  name: "exec",
  about: "run another process in a container",
  description: [
    "What is not said of the process is as the container's own has it. Words after the container's name are the program's, flags too.",
    "Exits with the status of the process, or 128 and the number of the signal that ended it; with 255 when the process could not be made.",
  ],
  reports: true,
  arguments: [
    { name: "id", about: "the container's name" },
    { name: "command", optional: true, many: true, about: "the program and its arguments" },
  ],
  wordsLast: true,
  failure: 255,
  flags,
  async run(call) {
    const { exec } = await import("../lib/container/exec.ts");
    return traced("exec", call, async (runtime) => exec(runtime, await execOptions(call)));
  },
});
