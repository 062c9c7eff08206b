// SPDX-License-Identifier: Apache-2.0

import { chapter, must, section, should } from "./clause.ts";

export const intelRdt = chapter(
  "Intel RDT",
  section(
    "config-linux.md#intelrdt",
    must(
      "intel-rdt.tasks",
      "With intelRdt the container's process stands in the tasks file of a folder of the mounted resctrl file system.",
    ),
    must("intel-rdt.unavailable", "intelRdt is refused where no resctrl file system is mounted."),
    must("intel-rdt.unset", "Without intelRdt the runtime changes nothing in any resctrl file system."),
    must("intel-rdt.clos", "closID is the name of the folder."),
    must("intel-rdt.clos-default", "closID / means the root of the resctrl file system, the default class."),
    must(
      "intel-rdt.clos-unset",
      "Without closID the runtime makes a folder with the container's ID as its name.",
    ),
    must("intel-rdt.l3", "l3CacheSchema is written to the schemata file of the folder."),
    should(
      "intel-rdt.l3-form",
      "An l3CacheSchema begins with L3: and has no line breaks.",
      "It binds those who write configs: a value that departs from it is not invalid, only inadvisable.",
    ),
    must("intel-rdt.mb", "memBwSchema is written to the schemata file of the folder."),
    must(
      "intel-rdt.mb-form",
      "A memBwSchema that does not begin with MB:, or that has a line break, is refused.",
    ),
    must("intel-rdt.schemata", "Each entry of schemata is written to the schemata file of the folder."),
    must("intel-rdt.schemata-form", "An entry of schemata with a line break is refused."),
    must(
      "intel-rdt.order",
      "Where both are set, l3CacheSchema is written before memBwSchema.",
      "They are about different resources: the file looks the same after either order.",
    ),
    must("intel-rdt.order-schemata", "schemata is written after l3CacheSchema and memBwSchema."),
    must(
      "intel-rdt.no-schema",
      "Without l3CacheSchema, memBwSchema and schemata no schemata file is written to.",
    ),
    must(
      "intel-rdt.clos-created",
      "A folder for closID that is missing is made when l3CacheSchema, memBwSchema or schemata is set.",
    ),
    must(
      "intel-rdt.clos-compared",
      "Where the folder for closID is there already, l3CacheSchema and memBwSchema that do not match its schemata file are refused.",
    ),
    must(
      "intel-rdt.clos-assigned",
      "With closID alone the container is put into the folder, when it is there already.",
    ),
    must("intel-rdt.clos-missing", "With closID alone a folder that is missing is an error."),
    must(
      "intel-rdt.removed",
      "The folder that the runtime has made for a container without closID is removed when the container is deleted.",
    ),
    must(
      "intel-rdt.kept",
      "A folder for closID, and one that the runtime has not made, stays when the container is deleted.",
    ),
    must(
      "intel-rdt.monitoring",
      "With enableMonitoring the container gets a monitoring group with its ID as the name, in mon_groups of its folder.",
    ),
    must("intel-rdt.monitoring-removed", "The monitoring group is removed when the container is deleted."),
    must("intel-rdt.monitoring-refused", "A monitoring group that cannot be made is an error."),
  ),
);
