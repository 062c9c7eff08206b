// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal } from "../../expect.ts";
import { names } from "../../questions.ts";

const accepted = (version: string): Case =>
  observe({
    clauses: ["config.version-compatible"],
    change: { "/ociVersion": version },
    ask: { names },
    expect: (seen) => equal("hostname", seen.names.hostname, "conformance"),
  });

const malformed = (version: unknown): Case =>
  refuse({ clauses: ["config.version-format", "config.invalid-values"], change: { "/ociVersion": version } });

export default {
  missing: refuse({ clauses: ["config.version-required"], change: { "/ociVersion": undefined } }),
  first: accepted("1.0.0"),
  "minor-before": accepted("1.2.1"),
  same: accepted("1.3.0"),
  "pre-release": accepted("1.0.0-rc5"),
  "build-data": accepted("1.0.2-dev+conformance.1"),
  "word-malformed": malformed("latest"),
  "two-numbers-malformed": malformed("1.0"),
  "leading-zero-malformed": malformed("1.00.2"),
  "empty-malformed": malformed(""),
  "number-malformed": malformed(1),
  "next-major": refuse({ clauses: ["config.version-major"], change: { "/ociVersion": "2.0.0" } }),
} satisfies Cases;
