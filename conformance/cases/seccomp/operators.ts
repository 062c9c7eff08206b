// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, observe, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { compared, givesErrno, isMade, marked, splice } from "../../instruments/syscall-filter.ts";

interface Comparison {
  readonly value: number;
  readonly valueTwo?: number;
  /** arguments for which it holds, and for which it does not */
  readonly holds: readonly (number | bigint)[];
  readonly fails: readonly (number | bigint)[];
}

// Beyond 32 bits the upper half decides: filters compare the halves one after the other.
const high = 2 ** 32;
const most = 2n ** 64n - 1n;

const comparisons: Readonly<Record<string, readonly Comparison[]>> = {
  NE: [
    { value: 7, holds: [0, 6, 8, high + 7, most], fails: [7] },
    { value: high + 7, holds: [7, 2 * high + 7], fails: [high + 7] },
  ],
  LT: [
    { value: 7, holds: [0, 6], fails: [7, 8, high + 6, most] },
    { value: high + 7, holds: [0, 8, high + 6], fails: [high + 7, high + 8, 2 * high] },
  ],
  LE: [
    { value: 7, holds: [0, 7], fails: [8, high + 6, most] },
    { value: high + 7, holds: [0, 8, high + 7], fails: [high + 8, 2 * high] },
  ],
  EQ: [
    { value: 7, holds: [7], fails: [0, 6, 8, high + 7, most] },
    { value: high + 7, holds: [high + 7], fails: [7, 2 * high + 7] },
  ],
  GE: [
    { value: 7, holds: [7, 8, high, most], fails: [0, 6] },
    { value: high + 7, holds: [high + 7, 2 * high], fails: [8, high + 6] },
  ],
  GT: [
    { value: 7, holds: [8, high, most], fails: [0, 7] },
    { value: high + 7, holds: [high + 8, 2 * high], fails: [8, high + 7] },
  ],
  MASKED_EQ: [
    { value: 0xf0, valueTwo: 0x30, holds: [0x30, 0x3f, 0x935, high + 0x30], fails: [0, 0x40, 0x70, 0xf0] },
    {
      value: 3 * high + 1,
      valueTwo: high,
      holds: [high, high + 6, 5 * high],
      fails: [0, high + 1, 2 * high, 3 * high],
    },
  ],
};

const word = (op: string) => op.toLowerCase().replace("_", "-");
const clauseOf = {
  NE: "seccomp.op-ne",
  LT: "seccomp.op-lt",
  LE: "seccomp.op-le",
  EQ: "seccomp.op-eq",
  GE: "seccomp.op-ge",
  GT: "seccomp.op-gt",
  MASKED_EQ: "seccomp.op-masked-eq",
} satisfies Readonly<Record<string, ClauseId>>;

function compares(op: string, clause: ClauseId, { holds, fails, ...values }: Comparison): Case {
  const name = (argument: number | bigint) => `SCMP_CMP_${op} with ${values.value}, of ${argument}`;
  return observe({
    clauses: [
      clause,
      "seccomp.args-value",
      ...(op === "MASKED_EQ" ? ["seccomp.args-value-two" as const] : []),
    ],
    change: compared({ index: 0, op: `SCMP_CMP_${op}`, ...values }),
    ask: Object.fromEntries([...holds, ...fails].map((argument) => [`${argument}`, splice(argument)])),
    expect: (seen) => {
      for (const argument of [...holds, ...fails]) {
        const result = seen[`${argument}`];
        if (!result) throw new Error(`nothing was asked about ${argument}`);
        if (holds.includes(argument)) givesErrno(name(argument), result, marked.name);
        else isMade(name(argument), result);
      }
    },
  });
}

const size = (at: number) => (at === 0 ? "" : "-64-bits");

export default {
  ...Object.fromEntries(
    Object.entries(clauseOf).flatMap(([op, clause]) =>
      (comparisons[op] ?? []).map(
        (row, at) => [`${word(op)}${size(at)}`, compares(op, clause, row)] as const,
      ),
    ),
  ),
  unknown: refuse({
    clauses: ["seccomp.op-valid"],
    change: compared({ index: 0, value: 7, op: "SCMP_CMP_NONESUCH" }),
  }),
} satisfies Cases;
