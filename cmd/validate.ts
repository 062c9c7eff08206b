// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../lib/errors.ts";
import type { Host } from "../lib/host.ts";
import { absolutePath } from "../lib/path.ts";
import type { Inspection } from "../lib/validate/finding.ts";
import type { Circumstances } from "../lib/validate/inspect.ts";
import { version } from "../package.json";
import { type Call, command } from "./flags.ts";

type Name = "json" | "sarif" | "strict" | "kind" | "config-only";

/** As create has it. */
const limit = 16 * 1024 * 1024;

interface Source {
  /** what is read */
  readonly path: string;
  /** what it is called: as it was given, so that it can be opened from here */
  readonly name: string;
  /** where a bundle's other files are; undefined for standard input */
  readonly bundle: string | undefined;
}

function sourceOf(host: Host, word: string): Source {
  if (word === "-") return { path: "/dev/stdin", name: "stdin", bundle: undefined };
  const path = absolutePath(host.cwd(), word);
  const kind = host.kind(path);
  const isFolder = kind === "directory" || (kind === "symlink" && host.kind(`${path}/.`) === "directory");
  if (kind === "missing") throw new RuntsError("system", { file: path, syscall: "open", errno: 2 });
  if (!isFolder) return { path, name: word, bundle: path.slice(0, path.lastIndexOf("/")) || "/" };
  const prefix = word === "." ? "" : `${word.replace(/\/+$/, "")}/`;
  return { path: `${path}/config.json`, name: `${prefix}config.json`, bundle: path };
}

function circumstances({ host, text, has }: Call<Name>, { bundle }: Source): Circumstances {
  const given = text("kind");
  const kind = given === "config" || given === "state" || given === "features" ? given : undefined;
  return {
    ...(kind !== undefined && { kind }),
    ...(bundle !== undefined && !has("config-only") && { bundle: { path: bundle, files: host } }),
  };
}

async function show(call: Call<Name>, inspection: Inspection, name: string): Promise<string> {
  if (call.has("json")) return (await import("../lib/validate/json.ts")).findingsJson(inspection, name);
  if (call.has("sarif"))
    return (await import("../lib/validate/sarif.ts")).findingsSarif(inspection, name, version);
  const { findingsText } = await import("../lib/validate/text.ts");
  const { wantsColour } = await import("./stats-table.ts");
  return findingsText(inspection, name, { colour: wantsColour(call.host) });
}

export default command({
  name: "validate",
  about: "tell everything that is wrong with a config.json, and how to mend it",
  description: [
    "Errors break the runtime-spec, or ask for what this runtime refuses: create would fail. Warnings are of what is legal but surely meant otherwise. Reads a bundle's folder, a file, or standard input for -; what a container printed with state, and what a runtime printed with features, too.",
    "Exits with 0 when there is no error, with 1 when there is one, and with 2 when nothing could be read. NO_COLOR is respected.",
  ],
  arguments: [
    {
      name: "bundle",
      optional: true,
      about: "folder, file, or - for standard input; the current folder unless given",
    },
  ],
  flags: {
    json: { kind: "boolean", about: "print JSON" },
    sarif: { kind: "boolean", about: "print SARIF 2.1.0, for editors and code hosts" },
    strict: { kind: "boolean", about: "take warnings for errors" },
    kind: {
      kind: "string",
      value: "KIND",
      choices: ["config", "state", "features"],
      about: "what the document is",
      otherwise: "known by its shape",
    },
    "config-only": { kind: "boolean", about: "do not look whether this host has what it names" },
  },
  failure: 2,
  misuse: 2,
  async run(call) {
    const { host } = call;
    const source = sourceOf(host, call.words[0] ?? ".");
    const bytes = host.readFile(source.path, limit);
    const { inspect, strictly } = await import("../lib/validate/inspect.ts");
    const inspection = inspect(host, bytes, circumstances(call, source));
    const told = call.has("strict") ? strictly(inspection) : inspection;
    host.write(1, await show(call, told, source.name));
    return told.findings.some(({ severity }) => severity === "error") ? 1 : 0;
  },
});
