// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section, should } from "./clause.ts";

const supply = (path: string, what: string) =>
  `The container has ${path}, ${what}, whether devices names it or not.`;

export const devices = chapter(
  "Devices",
  section(
    "config-linux.md#devices",
    must("devices.available", "Every entry of devices is there and can be used."),
    may(
      "devices.manner",
      "Devices can be made, bound from the host, linked, or supplied in another way.",
      "It frees the runtime. The suite looks at what a path leads to, not at how it got there.",
    ),
    must("devices.type", "type c is a character device, u as well, b a block device, p a FIFO."),
    must("devices.type-valid", "An entry without a type or with another type is an error."),
    must(
      "devices.path",
      "path is where the device is inside of the container; folders on the way to it are made.",
    ),
    must("devices.path-required", "An entry without a path is an error."),
    must(
      "devices.mismatch",
      "A file that is already at the path and is not the requested device (another type, other numbers) is an error.",
    ),
    must("devices.match", "The requested device may already be at the path."),
    must(
      "devices.outside-dev",
      "A device can be anywhere in the container's file system, also outside of /dev.",
    ),
    must("devices.numbers", "major and minor are the numbers of the device."),
    must(
      "devices.numbers-required",
      "An entry without major or minor is an error, unless its type is p, which needs none.",
    ),
    must(
      "devices.file-mode",
      "fileMode is exactly the permission bits of the device, whatever the runtime's umask is.",
    ),
    must("devices.uid", "uid is the owner of the device, counted in ids of the container."),
    must("devices.gid", "gid is the group of the device, counted in ids of the container."),
    should(
      "devices.unique",
      "A device (type, major and minor) is listed once.",
      "It is addressed to who writes the config; a runtime is not told to refuse it.",
    ),
    must(
      "devices.others",
      "The container cannot access a device node that is neither listed in devices nor one of the default devices.",
    ),
  ),
  section(
    "config-linux.md#default-devices",
    must("devices.default-null", supply("/dev/null", "which takes everything and gives nothing")),
    must("devices.default-zero", supply("/dev/zero", "which gives zeros")),
    must("devices.default-full", supply("/dev/full", "on which every write fails with ENOSPC")),
    must("devices.default-random", supply("/dev/random", "the kernel's random numbers")),
    must("devices.default-urandom", supply("/dev/urandom", "the kernel's random numbers without waiting")),
    must("devices.default-tty", supply("/dev/tty", "the controlling terminal of whoever opens it")),
    must(
      "devices.console",
      "With process.terminal, the container's pseudoterminal is bound to /dev/console.",
    ),
    must("devices.ptmx", "/dev/ptmx is a symbolic link to the container's /dev/pts/ptmx, or bound from it."),
  ),
);
