// SPDX-License-Identifier: Apache-2.0

import type { Check } from "../lib/container/doctor/check.ts";
import type { Host } from "../lib/host.ts";
import { absolutePath } from "../lib/path.ts";
import { command } from "./flags.ts";

const colours = { ok: 32, limited: 33, refused: 31 } as const;

function painter(host: Host): (text: string, code: number) => string {
  const plain = !host.isTerminal(1) || (host.env("NO_COLOR") ?? "") !== "";
  return (text, code) => (plain ? text : `\x1b[${code}m${text}\x1b[0m`);
}

/** One check a line, what would mend it below. */
export function doctorText(host: Host, checks: readonly Check[], bundle: string | undefined): string {
  const paint = painter(host);
  const lines: string[] = [];
  let group = "";
  for (const one of checks) {
    if (one.group !== group) {
      group = one.group;
      lines.push(paint(group, 1));
    }
    const place =
      one.line === undefined ? "" : `${bundle ?? ""}/config.json:${one.line}:${one.column ?? 1}: `;
    lines.push(
      `  ${paint(one.state.padEnd(8), colours[one.state])} ${one.name.padEnd(18)} ${place}${one.detail}`,
    );
    if (one.mend !== undefined) lines.push(`${" ".repeat(30)}try: ${one.mend}`);
  }
  return `${lines.join("\n")}\n`;
}

export default command({
  name: "doctor",
  about: "tell what this host can do, and what of a bundle it would refuse",
  description: [
    'Asks the kernel by calls that change nothing, and looks at the host. What is "limited" is refused to configurations that ask for it; what is "refused" stands in the way of every container, or of this bundle.',
    "Exits with 0 when nothing would be refused, with 1 when something would, with 2 for a wrong command line.",
  ],
  arguments: [
    { name: "bundle", optional: true, about: "folder with config.json and, as a rule, the rootfs" },
  ],
  misuse: 2,
  flags: { json: { kind: "boolean", about: "as JSON: a list of checks" } },
  async run({ host, words: [given], has, runtime }) {
    const { doctor, refuses } = await import("../lib/container/doctor/doctor.ts");
    const bundle = given === undefined ? undefined : absolutePath(host.cwd(), given);
    const checks = await doctor(host, bundle, runtime.cgroupManager);
    host.write(1, has("json") ? `${JSON.stringify(checks, null, 2)}\n` : doctorText(host, checks, bundle));
    return refuses(checks, bundle) ? 1 : 0;
  },
});
