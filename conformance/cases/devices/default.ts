// SPDX-License-Identifier: Apache-2.0

import { type Case, type Cases, type Change, observe } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, outcomeIs } from "../../expect.ts";
import { deviceNode, listedDevice } from "../../instruments/device-nodes.ts";
import { withUserNamespace } from "../../instruments/namespaces.ts";
import { root } from "../../needs.ts";
import { open, readByte, stat, write } from "../../questions.ts";
import { baseMounts } from "../../stage/base.ts";

interface Row {
  readonly clause: ClauseId;
  readonly numbers: string;
  readonly writing: string;
}

/** Numbers are the same on every Linux. */
const rows = {
  null: { clause: "devices.default-null", numbers: "1:3", writing: "ok" },
  zero: { clause: "devices.default-zero", numbers: "1:5", writing: "ok" },
  full: { clause: "devices.default-full", numbers: "1:7", writing: "ENOSPC" },
  random: { clause: "devices.default-random", numbers: "1:8", writing: "ok" },
  urandom: { clause: "devices.default-urandom", numbers: "1:9", writing: "ok" },
} as const satisfies Record<string, Row>;

const ttyClause = "devices.default-tty";
const clauses = [ttyClause, ...Object.values(rows).map(({ clause }) => clause)] as const;

const numbersOf = (node: { readonly type: string; readonly major: number; readonly minor: number } | null) =>
  node && `${node.type} ${node.major}:${node.minor}`;

const usable = (name: string, { clause, numbers, writing }: Row): Case =>
  observe({
    clauses: [clause],
    ask: {
      node: stat(`/dev/${name}`),
      reading: readByte(`/dev/${name}`),
      writing: write(`/dev/${name}`, "x"),
    },
    expect: (seen) => {
      equal(`/dev/${name}`, numbersOf(seen.node), `character ${numbers}`);
      outcomeIs(`reading from /dev/${name}`, seen.reading, "ok");
      outcomeIs(`writing to /dev/${name}`, seen.writing, writing);
    },
  });

/** All of them, in a container that is otherwise special. */
const all = (change: Change, needs: Parameters<typeof observe>[0]["needs"] = []): Case =>
  observe({
    clauses,
    needs,
    change,
    ask: {
      null: stat("/dev/null"),
      zero: stat("/dev/zero"),
      full: stat("/dev/full"),
      random: stat("/dev/random"),
      urandom: stat("/dev/urandom"),
      tty: stat("/dev/tty"),
      reading: readByte("/dev/zero"),
      writing: write("/dev/null", "x"),
    },
    expect: ({ reading, writing, tty, ...nodes }) => {
      for (const [name, { numbers }] of Object.entries<Row>(rows)) {
        equal(`/dev/${name}`, numbersOf(nodes[name as keyof typeof rows]), `character ${numbers}`);
      }
      equal("/dev/tty", numbersOf(tty), "character 5:0");
      outcomeIs("reading from /dev/zero", reading, "ok");
      outcomeIs("writing to /dev/null", writing, "ok");
    },
  });

export default {
  ...Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, usable(name, row)])),
  // ENXIO is the driver's answer to a process without a controlling terminal.
  tty: observe({
    clauses: [ttyClause],
    ask: { node: stat("/dev/tty"), attempt: open("/dev/tty", "rw") },
    expect: ({ node, attempt }) => {
      equal("/dev/tty", numbersOf(node), "character 5:0");
      outcomeIs("opening /dev/tty without a terminal", attempt, "ENXIO");
    },
  }),
  "not-root": all({ "/process/user": { uid: 1000, gid: 1000 } }, [root]),
  "user-namespace": all(withUserNamespace, [root]),
  "with-others": all({ "/linux/devices/-": listedDevice(deviceNode("c", 60, 1)) }, [root]),
  // Then they are in the root filesystem itself.
  "dev-not-mounted": all({
    "/mounts": baseMounts.filter(({ destination }) => !destination.startsWith("/dev")),
  }),
} satisfies Cases;
