// SPDX-License-Identifier: Apache-2.0

import { escapeToken } from "../../json.ts";
import { byteLength } from "./namespaces.ts";
import { fault, type Subject } from "./subject.ts";

/** IFNAMSIZ of linux/if.h, with the null byte. */
const longest = 15;

/** dev_valid_name() of the kernel, which takes any other byte. */
const isName = (name: string): boolean =>
  /^[^\s/:%]+$/.test(name) && name !== "." && name !== ".." && byteLength(name) <= longest;

const template = /%d$/;

const oneOf = "a name of at most 15 bytes, without blanks, slashes and colons";

/** config-linux.md#network-devices */
export function netDeviceRules(subject: Subject): void {
  const devices = Object.entries(subject.linux.netDevices ?? {});
  if (devices.length === 0) return;
  if (!subject.namespaces.network)
    fault(subject, "conflict", "/linux/netDevices", "a network namespace to move them to");
  const taken = new Set<string>(["lo"]);
  for (const [name, { name: inside }] of devices) {
    const pointer = `/linux/netDevices/${escapeToken(name)}`;
    if (name === "lo")
      fault(subject, "conflict", pointer, "another device: lo belongs to its namespace", '"lo"');
    else if (!isName(name)) fault(subject, "format", pointer, oneOf, JSON.stringify(name));
    const wanted = inside || name;
    const place = inside ? `${pointer}/name` : pointer;
    if (inside && !isName(inside.replace(template, "0")))
      fault(subject, "format", place, `${oneOf}; %d at its end is for a number`);
    else if (taken.has(wanted) && name !== "lo")
      fault(
        subject,
        "conflict",
        place,
        "a name that no other device of the container has",
        JSON.stringify(wanted),
      );
    if (!template.test(wanted)) taken.add(wanted);
  }
}
