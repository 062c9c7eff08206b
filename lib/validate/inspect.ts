// SPDX-License-Identifier: Apache-2.0

/** All that can be said of a document at once. */

import { show } from "../config/explain.ts";
import { validate as violations } from "../config/generated/config-violations.js";
import { isConfig } from "../config/generated/guards.js";
import { locate } from "../config/locate.ts";
import { prune } from "../config/prune.ts";
import { allowedAt, schemaFaults } from "../config/violations.ts";
import { type Fault, RuntsError } from "../errors.ts";
import type { Json } from "../host.ts";
import { type JsonHost, parseLeniently, valueAt } from "../json.ts";
import { type BundleFiles, bundleAdvice } from "./advice/bundle.ts";
import { adviceOn } from "./advice/index.ts";
import { misspelt } from "./advice/misspelt.ts";
import { type Advice, allowedOf, type Finding, type Inspection, messageOf } from "./finding.ts";
import { allowedIn, type DocumentKind, faultsIn, kindOf } from "./kinds.ts";
import { mendOf } from "./mend.ts";
import { isOfName, Places } from "./place.ts";
import { planFaults } from "./plan-faults.ts";

export interface Circumstances {
  /** what the document is, where that is known */
  readonly kind?: DocumentKind;
  /** where a config.json lies, and the files to hold it against; without, the document alone is looked at */
  readonly bundle?: { readonly path: string; readonly files: BundleFiles };
}

/** What keeps a document from being read as JSON at all; nothing else can be told then. */
function unreadable(host: JsonHost, bytes: Uint8Array, error: unknown, kind: DocumentKind): Inspection {
  const faults = error instanceof RuntsError ? error.facts.faults : undefined;
  if (!faults) throw error;
  const isText = faults[0]?.expected !== "UTF-8";
  const text = isText ? host.decode(bytes) : "";
  const findings = (isText ? locate(text, faults) : faults).map((fault): Finding => {
    const { line, column, found } = fault;
    const place = line === undefined ? {} : { line, column: column ?? 1, endLine: line };
    const endColumn = (column ?? 1) + (found?.length || 1);
    return {
      ...bare(fault, "error"),
      mend: isText ? mendOf(fault, null, allowedIn.config) : "save it as UTF-8, without a byte order mark",
      ...place,
      ...(line !== undefined && { endColumn }),
    };
  });
  return { kind, findings, text };
}

function bare(fault: Fault, severity: Finding["severity"]): Omit<Finding, "mend"> {
  const { code, pointer, found, spec } = fault;
  return {
    severity,
    rule: code,
    pointer,
    message: messageOf(fault),
    ...(found !== undefined && { found }),
    allowed: allowedOf(fault),
    ...(spec !== undefined && { spec }),
  };
}

const longestFound = 60;

function shortened(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = show(value);
  return text.length > longestFound ? `${text.slice(0, longestFound - 1)}…` : text;
}

/** Errors before warnings where both are at one place. */
function inOrder(a: Finding, b: Finding): number {
  return (
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    Number(a.severity === "warning") - Number(b.severity === "warning")
  );
}

/** Those that advice has in its sentences. */
const pointersInText = /\/(mounts|linux\/maskedPaths|process\/env)\/\d+/g;

/** In what the schema leaves of a broken config: what no plan can be made of, and what is legal but odd. */
function beyondRules(
  value: Json,
  { bundle }: Circumstances,
): { refused: readonly Fault[]; advice: readonly Advice[] } {
  const rest = prune(value, (candidate) => schemaFaults(violations, allowedIn.config, candidate));
  const config = rest.value;
  if (!isConfig(config)) return { refused: [], advice: [] };
  const refused = planFaults(config).map((fault) => ({ ...fault, pointer: rest.original(fault.pointer) }));
  const advice = [...adviceOn(config), ...(bundle ? bundleAdvice(config, bundle.path, bundle.files) : [])];
  const told = advice
    .map((one) => ({
      ...one,
      pointer: rest.original(one.pointer),
      message: one.message.replace(pointersInText, (pointer) => rest.original(pointer)),
      mend: one.mend.replace(pointersInText, (pointer) => rest.original(pointer)),
    }))
    .filter(({ pointer }) => valueAt(value, pointer) !== undefined);
  return { refused, advice: told };
}

/** A namespace whose type is misspelt is missed by many others: telling that helps nobody. */
function isNoConsequence(faults: readonly Fault[]): (finding: Finding) => boolean {
  const unknown = ({ code, pointer }: Fault) =>
    code === "enum" && /^\/linux\/namespaces\/\d+\/type$/.test(pointer);
  if (!faults.some(unknown)) return () => true;
  return ({ allowed = "", message }) =>
    !/^an? (uts|mount|new|time|network|user) namespace/.test(allowed) &&
    !/^without a \w+ namespace/.test(message);
}

export function inspect(host: JsonHost, bytes: Uint8Array, circumstances: Circumstances = {}): Inspection {
  let parsed: ReturnType<typeof parseLeniently>;
  try {
    parsed = parseLeniently(host, bytes);
  } catch (error) {
    return unreadable(host, bytes, error, circumstances.kind ?? "config");
  }
  const { text, value } = parsed;
  const kind = circumstances.kind ?? kindOf(value);
  const root = allowedIn[kind];
  const places = new Places(text);
  const ofFault =
    (severity: Finding["severity"]) =>
    (fault: Fault): Finding => ({
      ...bare(fault, severity),
      mend: mendOf(fault, value, root),
      ...places.of(fault.pointer, isOfName(fault)),
    });
  const ofAdvice = ({ rule, pointer, message, mend, ofName = false, spec }: Advice): Finding => {
    const section = spec ?? allowedAt(root, pointer).spec;
    const found = ofName ? undefined : shortened(valueAt(value, pointer));
    return {
      ...{ severity: "warning", rule, pointer, message, mend },
      ...(found !== undefined && { found }),
      ...(section !== undefined && { spec: section }),
      ...places.of(pointer, ofName),
    };
  };
  const { faults, warnings } = faultsIn(kind, value);
  const { refused, advice } =
    kind === "config" ? beyondRules(value, circumstances) : { refused: [], advice: [] };
  const known = new Set(faults.map(({ pointer }) => pointer));
  const findings = [
    ...[...parsed.faults, ...faults].map(ofFault("error")),
    ...refused.filter(({ pointer }) => !known.has(pointer)).map(ofFault("error")),
    ...warnings.map(ofFault("warning")),
    ...[...misspelt(value, root), ...advice].map(ofAdvice),
  ].filter(isNoConsequence(faults));
  return { kind, findings: findings.sort(inOrder), text };
}

/** With warnings as errors: what --strict asks for. */
export function strictly(inspection: Inspection): Inspection {
  const findings = inspection.findings.map((finding): Finding => ({ ...finding, severity: "error" }));
  return { ...inspection, findings };
}
