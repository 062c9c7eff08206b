// SPDX-License-Identifier: Apache-2.0

import type { StateView } from "../lib/container/state.ts";
import { command } from "./flags.ts";

export default command({
  name: "list",
  about: "show the containers under --root",
  arguments: [],
  flags: {
    format: {
      kind: "string",
      alias: "f",
      value: "FORMAT",
      choices: ["table", "json"],
      about: "form of the list",
      otherwise: "table",
    },
    quiet: { kind: "boolean", alias: "q", about: "show names only" },
  },
  async run(call) {
    const format = call.text("format");
    const { list } = await import("../lib/container/list.ts");
    const containers = list(call.runtime);
    if (call.has("quiet")) call.host.write(1, containers.map(({ id }) => `${id}\n`).join(""));
    else if (format === "json") call.host.write(1, `${asJson(containers)}\n`);
    else call.host.write(1, asTable(containers));
    return 0;
  },
});

/** As runc: null for an empty list. */
function asJson(containers: readonly StateView[]): string {
  return containers.length === 0 ? "null" : JSON.stringify(containers);
}

export function asTable(containers: readonly StateView[]): string {
  const rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]];
  for (const { id, pid, status, bundle, created, owner } of containers)
    rows.push([id, String(pid), status, bundle, created, owner]);
  // Twelve wide and three apart, as scripts that cut runc's table by columns expect.
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(12, ...rows.map((row) => (row[column] ?? "").length + 3)),
  );
  const line = (row: string[]) =>
    row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join("");
  return rows.map((row) => `${line(row)}\n`).join("");
}
