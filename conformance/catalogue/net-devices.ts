// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section } from "./clause.ts";

export const netDevices = chapter(
  "Network devices",
  section(
    "config-linux.md#network-devices",
    must(
      "net-devices.moved",
      "Each network device that netDevices names by its name on the host is in the container's network namespace, and no longer on the host.",
    ),
    may(
      "net-devices.mechanism",
      "How a network device is moved is left to the runtime.",
      "It frees the runtime. The suite looks at where the device is afterwards.",
    ),
    must(
      "net-devices.name",
      "name is what the device is called in the container; without it the name of the host stays.",
    ),
    must("net-devices.name-valid", "A name that no network device can have is an error."),
    must(
      "net-devices.check",
      "A device that cannot be moved, because it is not there or bound to its namespace, is an error.",
    ),
    must(
      "net-devices.conflict",
      "A device whose name already exists in the container's network namespace is an error.",
    ),
    must(
      "net-devices.template",
      "A name that ends with %d does not collide: the device is moved, and the kernel puts a number there that makes the name unique.",
    ),
    must(
      "net-devices.attributes",
      "The device's attributes, such as its MTU and hardware address, are kept.",
    ),
    must(
      "net-devices.addresses",
      "The device keeps its permanent addresses with global scope, of every family.",
    ),
    must("net-devices.up", "The device is up after the move, whatever it was before."),
  ),
  section(
    "config-linux.md#namespace-lifecycle-and-container-termination",
    must(
      "net-devices.unmanaged",
      "After the move the runtime leaves the device alone: what is changed inside of the network namespace stays as it is.",
    ),
    must(
      "net-devices.not-moved-back",
      "The runtime does not take the device out of the network namespace when the container ends or is deleted.",
    ),
  ),
);
