// SPDX-License-Identifier: Apache-2.0

import type { Runtime } from "../lib/container/runtime.ts";
import type { Host } from "../lib/host.ts";
import { absolutePath } from "../lib/path.ts";
import { type Recording, record, traceLines, traceText } from "../lib/trace/recording.ts";
import { type Call, type Flags, usageError } from "./flags.ts";

type Name = "trace" | "trace-format";

const formats = ["text", "jsonl", "json", "html"] as const;
type Format = (typeof formats)[number];

export const traceFlags = {
  trace: {
    kind: "string",
    value: "FILE",
    bare: "-",
    about: "write each step of each process with its time and result to FILE; to standard error without one",
  },
  "trace-format": {
    kind: "string",
    value: "FORMAT",
    choices: formats,
    about: "form of the trace (jsonl: lines of JSON, json: for Perfetto and Chrome)",
    otherwise: "the ending of FILE, or text",
  },
} as const satisfies Flags<Name>;

type Status = number | Promise<number>;

/** Does what the command does; if asked to, writes down what that was, also when it fails. */
export function traced(name: string, call: Call<Name>, work: (runtime: Runtime) => Status): Status {
  if (call.given("trace")) return writeDown(name, call, work);
  if (call.given("trace-format")) throw usageError("--trace-format goes with --trace");
  return work(call.runtime);
}

async function writeDown(
  name: string,
  call: Call<Name>,
  work: (runtime: Runtime) => Status,
): Promise<number> {
  const { host, runtime, words } = call;
  const given = call.text("trace") ?? "-";
  const file = given === "-" ? given : absolutePath(host.cwd(), given);
  const asked = call.text("trace-format");
  const format =
    formats.find((one) => one === asked || (asked === undefined && file.endsWith(`.${one}`))) ?? "text";
  // before anything is done: a file that cannot be written must not be found out afterwards
  if (file !== "-") host.append(file, "");
  const trace = record(host, name, words[0] ?? "", format === "text");
  let error = "";
  try {
    runtime.trace = trace;
    return await work(runtime);
  } catch (failure) {
    error = (await import("../lib/wording.ts")).wording(failure);
    throw failure;
  } finally {
    try {
      await write(host, file, format, trace.finish(error));
    } catch (failure) {
      const { wording } = await import("../lib/wording.ts");
      runtime.warn(`no trace: ${wording(failure)}`); // what was done is done
    }
  }
}

/** Those that take longer are loaded when they are asked for. */
async function textOf(format: Format, recording: Recording): Promise<string> {
  switch (format) {
    case "text":
      return traceText(recording);
    case "jsonl":
      return traceLines(recording);
    case "json":
      return (await import("../lib/trace/perfetto.ts")).perfettoTrace(recording);
    case "html":
      return (await import("../lib/trace/page.ts")).tracePage(recording);
  }
}

/** Lines come after those of earlier commands; a document takes the place of the last. */
async function write(host: Host, file: string, format: Format, recording: Recording): Promise<void> {
  const text = await textOf(format, recording);
  if (file === "-") host.write(2, text);
  else if (format === "text" || format === "jsonl") host.append(file, text);
  else host.overwrite(file, text);
}
