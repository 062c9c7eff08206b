// SPDX-License-Identifier: Apache-2.0

/** Findings as SARIF 2.1.0 (OASIS), which editors and code hosts show beside the line. */

import { type Finding, type Inspection, specAddress } from "./finding.ts";
import { ruleTitles } from "./rule-titles.ts";

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** A path as a URI reference: an absolute one gets its scheme. */
function uriOf(path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}

function resultOf(finding: Finding, uri: string, rules: readonly string[]) {
  const { rule, severity, message, pointer, allowed, mend, spec } = finding;
  const { line, column, endLine, endColumn } = finding;
  const region = line === undefined ? {} : { startLine: line, startColumn: column, endLine, endColumn };
  const sentences = [
    message,
    ...(allowed === undefined ? [] : [`allowed: ${allowed}`]),
    `mend: ${mend}`,
    ...(spec === undefined ? [] : [`spec: ${spec}`]),
  ];
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: severity,
    message: { text: sentences.join("\n") },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, ...(line !== undefined && { region }) },
        ...(pointer !== "" && { logicalLocations: [{ fullyQualifiedName: pointer, kind: "value" }] }),
      },
    ],
  };
}

/** @param version the runtime's own */
export function findingsSarif({ findings }: Inspection, file: string, version: string): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const uri = uriOf(file);
  const described = rules.map((id) => {
    const [spec, ...others] = new Set(findings.filter(({ rule }) => rule === id).map((one) => one.spec));
    const help = others.length === 0 ? specAddress(spec) : undefined; // of one section only
    return {
      id,
      shortDescription: { text: ruleTitles[id] ?? id },
      ...(help !== undefined && { helpUri: help }),
    };
  });
  const run = {
    tool: { driver: { name: "runts", version, rules: described } },
    columnKind: "utf16CodeUnits",
    results: findings.map((finding) => resultOf(finding, uri, rules)),
  };
  return `${JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}
