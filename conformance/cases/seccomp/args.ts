// SPDX-License-Identifier: Apache-2.0

import { act, type Cases, observe, refuse } from "../../case.ts";
import {
  compared,
  givesErrno,
  isMade,
  marked,
  rule,
  rules,
  splice,
} from "../../instruments/syscall-filter.ts";

/** Errnos that splice(2) never gives, by the index of the argument. */
const errnos = ["EREMOTEIO", "EDQUOT", "ENOMEDIUM", "EMEDIUMTYPE", "ECANCELED", "ENOKEY"];

const argument = { index: 0, value: 7, op: "SCMP_CMP_EQ" };
const lacking = (name: keyof typeof argument) =>
  refuse({ clauses: ["seccomp.args-required"], change: compared({ ...argument, [name]: undefined }) });

/** All bits of a value count, though a number of JavaScript has not so many. */
const exact = (value: bigint, ...others: readonly bigint[]) =>
  act({
    clauses: ["seccomp.args-value"],
    change: compared({ index: 0, value: "exactly", op: "SCMP_CMP_EQ" }),
    run: async (stage) => {
      const { container } = stage;
      const asked = Object.fromEntries([value, ...others].map((given) => [`${given}`, splice(given)]));
      stage.ask(asked);
      container.write(JSON.stringify(container.config).replace('"exactly"', value.toString()));
      await container.create();
      await container.start();
      await container.ended();
      const seen = await stage.answers(asked);
      for (const [given, result] of Object.entries(seen)) {
        if (given === value.toString()) givesErrno(`the call with ${given}`, result, marked.name);
        else isMade(`the call with ${given}`, result);
      }
    },
  });

export default {
  index: observe({
    clauses: ["seccomp.args-index"],
    change: rules(
      ...errnos.map((_, index) =>
        rule({ errnoRet: marked.number + index, args: [{ index, value: 77, op: "SCMP_CMP_EQ" }] }),
      ),
    ),
    ask: Object.fromEntries(
      errnos.map((_, index) => [`${index}`, splice(...errnos.map((_, at) => (at === index ? 77 : 0)))]),
    ),
    expect: (seen) => {
      errnos.forEach((errno, index) => {
        const result = seen[`${index}`];
        if (result) givesErrno(`the call with 77 as argument ${index}`, result, errno);
      });
    },
  }),
  "index-too-big": refuse({
    clauses: ["seccomp.args-index"],
    change: compared({ index: 6, value: 7, op: "SCMP_CMP_EQ" }),
  }),
  // Far beyond what a double holds without rounding.
  "value-of-64-bits": exact(2n ** 64n - 1n, 2n ** 63n, 2n ** 64n - 2n, 2n ** 32n - 1n),
  "value-of-63-bits": exact(9007199254740993n, 9007199254740992n, 9007199254740994n),
  several: observe({
    clauses: ["seccomp.args-all"],
    change: compared({ index: 0, value: 70, op: "SCMP_CMP_EQ" }, { index: 4, value: 9, op: "SCMP_CMP_GT" }),
    ask: { both: splice(70, 0, 0, 0, 10), first: splice(70, 0, 0, 0, 9), second: splice(71, 0, 0, 0, 10) },
    expect: ({ both, first, second }) => {
      givesErrno("the call for which both hold", both, marked.name);
      isMade("the call for which only the first holds", first);
      isMade("the call for which only the second holds", second);
    },
  }),
  "no-index": lacking("index"),
  "no-value": lacking("value"),
  "no-op": lacking("op"),
} satisfies Cases;
