// SPDX-License-Identifier: Apache-2.0

import { chapter, must, section } from "./clause.ts";

export const root = chapter(
  "Root filesystem",
  section(
    "config.md#root",
    must("root.required", "On Linux a config without root is refused."),
    must("root.path-required", "A root without a path is refused."),
    must("root.path-absolute", "An absolute root.path is the path of the root filesystem on the host."),
    must(
      "root.path-relative",
      "A relative root.path is looked up from the bundle's directory, wherever the runtime was called, and need not be called rootfs.",
    ),
    must("root.directory", "A config is refused when there is no directory at root.path."),
    must("root.readonly", "With readonly, processes of the container cannot change the root filesystem."),
    must(
      "root.readonly-mounts",
      "readonly is about the root filesystem: mounts on top of it are as their own options say.",
    ),
    must(
      "root.readonly-default",
      "Without readonly, or when it is false, the root filesystem can be written.",
    ),
  ),
);
