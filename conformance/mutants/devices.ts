// SPDX-License-Identifier: Apache-2.0

/** Devices that are not there, are others, or belong to somebody else; and rules about them. */

import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import type { Linux } from "./config.ts";
import { afterCreate, inConfig } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

type Device = NonNullable<Linux["devices"]>[number];
type Rule = NonNullable<NonNullable<Linux["resources"]>["devices"]>[number];

const inDevices = (change: (device: Device) => unknown): Fault =>
  inConfig(({ linux }) => linux?.devices?.forEach(change));

const keeping = (passes: (device: Device) => boolean): Fault =>
  inConfig(({ linux }) => {
    if (linux?.devices) linux.devices = linux.devices.filter(passes);
  });

const inRules = (change: (rules: Rule[]) => unknown): Fault =>
  inConfig(({ linux }) => linux?.resources?.devices && change(linux.resources.devices));

/** A file in /dev of the created container is gone, or another. */
const replacing = (name: string, replace: (path: string) => void = () => {}): Fault =>
  afterCreate((root) => {
    const path = `${root}/dev/${name}`;
    rmSync(path, { force: true });
    replace(path);
  });

export const devices: readonly Mutant[] = [
  {
    name: "last-device-missing",
    about: "The last entry of devices is forgotten.",
    breaks: ["devices.available"],
    fault: inConfig(({ linux }) => linux?.devices?.pop()),
  },
  {
    name: "devices-outside-dev-missing",
    about: "Devices outside of /dev are not made.",
    breaks: ["devices.outside-dev"],
    fault: keeping(({ path }) => path === undefined || path.startsWith("/dev/")),
  },
  {
    name: "device-minor-wrong",
    about: "A device has another minor number.",
    breaks: ["devices.numbers"],
    fault: inDevices((device) => {
      if (device.minor !== undefined) device.minor ^= 1;
    }),
  },
  {
    name: "fifos-skipped",
    about: "FIFOs among the devices are not made.",
    breaks: ["devices.type"],
    fault: keeping(({ type }) => type !== "p"),
  },
  {
    name: "unknown-devices-skipped",
    about: "Devices of a type that does not exist are passed over.",
    breaks: ["devices.type-valid"],
    fault: keeping(({ type }) => type !== undefined && /^[cbup]$/.test(type)),
  },
  {
    name: "device-numbers-guessed",
    about: "A number of a device that is missing is 0.",
    breaks: ["devices.numbers-required"],
    fault: inDevices((device) => {
      device.major ??= 0;
      device.minor ??= 0;
    }),
  },
  {
    name: "device-mode-ignored",
    about: "Devices have the mode 0666, whatever fileMode is.",
    breaks: ["devices.file-mode"],
    fault: inDevices((device) => {
      device.fileMode = 0o666;
    }),
  },
  {
    name: "device-mode-masked",
    about: "The runtime's umask takes bits away from fileMode.",
    breaks: ["devices.file-mode"],
    fault: inDevices((device) => {
      if (device.fileMode !== undefined) device.fileMode &= ~0o022;
    }),
  },
  {
    name: "device-owner-ignored",
    about: "Devices belong to root.",
    breaks: ["devices.uid"],
    fault: inDevices((device) => delete device.uid),
  },
  {
    name: "device-group-ignored",
    about: "Devices belong to the group of root.",
    breaks: ["devices.gid"],
    fault: inDevices((device) => delete device.gid),
  },
  {
    name: "device-mismatch-replaced",
    about: "A file that is in a device's place is removed.",
    breaks: ["devices.mismatch"],
    fault: inConfig(({ linux, root }, bundle) => {
      for (const { path } of linux?.devices ?? []) rmSync(`${bundle}/${root?.path}${path}`, { force: true });
    }),
  },
  {
    name: "default-full-missing",
    about: "There is no /dev/full.",
    breaks: ["devices.default-full"],
    fault: replacing("full"),
  },
  {
    name: "default-null-is-file",
    about: "/dev/null is a file.",
    breaks: ["devices.default-null"],
    fault: replacing("null", (path) => writeFileSync(path, "", { mode: 0o666 })),
  },
  {
    name: "default-urandom-is-zero",
    about: "/dev/urandom gives zeros.",
    breaks: ["devices.default-urandom"],
    fault: replacing("urandom", (path) => spawnSync("mknod", ["-m", "666", path, "c", "1", "5"])),
  },
  {
    name: "default-tty-missing",
    about: "There is no /dev/tty.",
    breaks: ["devices.default-tty"],
    fault: replacing("tty"),
  },
  {
    name: "ptmx-of-host",
    about: "/dev/ptmx is a device node, and leads to another instance of devpts.",
    breaks: ["devices.ptmx"],
    fault: replacing("ptmx", (path) => spawnSync("mknod", ["-m", "666", path, "c", "5", "2"])),
  },
  {
    name: "console-missing",
    about: "The terminal is not bound to /dev/console.",
    breaks: ["devices.console"],
    // The probe in the container is the one program that is sure to be there.
    fault: afterCreate((_root, _call, pid) =>
      spawnSync("nsenter", [`--mount=/proc/${pid}/ns/mnt`, "/probe", "unmount /dev/console"]),
    ),
  },
  {
    name: "device-rules-reversed",
    about: "The rules about devices are applied from the last to the first.",
    breaks: ["cgroups.devices-order"],
    fault: inRules((rules) => rules.reverse()),
  },
  {
    name: "device-rules-ignored",
    about: "The rules about devices have no effect.",
    breaks: ["cgroups.devices-allow"],
    fault: inRules((rules) => rules.splice(0)),
  },
  {
    name: "device-access-ignored",
    about: "Rules about devices are for every kind of access.",
    breaks: ["cgroups.devices-access"],
    fault: inRules((rules) => rules.map((rule) => delete rule.access)),
  },
  {
    name: "device-rule-minor-ignored",
    about: "Rules about devices do not look at the minor number.",
    breaks: ["cgroups.devices-numbers"],
    fault: inRules((rules) => rules.map((rule) => delete rule.minor)),
  },
  {
    name: "device-rule-type-ignored",
    about: "Rules about block devices are for character devices, too, and the other way round.",
    breaks: ["cgroups.devices-type"],
    fault: inRules((rules) => rules.map((rule) => delete rule.type)),
  },
  {
    name: "odd-device-rules-skipped",
    about: "Rules about devices that are not valid are passed over.",
    breaks: ["cgroups.devices-valid"],
    fault: inConfig(({ linux }) => {
      const isValid = ({ allow, type = "a", access = "" }: Rule) =>
        typeof allow === "boolean" && /^[abc]$/.test(type) && /^[rwm]*$/.test(access);
      const { resources } = linux ?? {};
      if (resources?.devices) resources.devices = resources.devices.filter(isValid);
    }),
  },
];
