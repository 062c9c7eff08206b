// SPDX-License-Identifier: Apache-2.0

import { type Inspection, specAddress } from "./finding.ts";
import { countFindings } from "./text.ts";

/** For programs: one object, of which names may be added and none is taken away. */
export function findingsJson({ kind, findings }: Inspection, file: string): string {
  const { errors, warnings } = countFindings(findings);
  const listed = findings.map((finding) => {
    const address = specAddress(finding.spec);
    return address === undefined ? finding : { ...finding, specUrl: address };
  });
  return `${JSON.stringify({ file, kind, valid: errors === 0, errors, warnings, findings: listed }, null, 2)}\n`;
}
