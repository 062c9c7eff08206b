// SPDX-License-Identifier: Apache-2.0

import { chapter, must, section } from "./clause.ts";

export const bundle = chapter(
  "Bundle",
  section(
    "bundle.md#container-format",
    must(
      "bundle.config-file",
      "The configuration is the file config.json in the root of the bundle's directory; a bundle without it is refused.",
    ),
    must("bundle.root-filesystem", "The container's root filesystem is the directory that root.path names."),
    must(
      "bundle.any-directory",
      "The directory that holds a bundle is no part of it: the bundle works wherever it lies and whatever that directory is called.",
    ),
    must(
      "bundle.one-directory",
      "The config and the root filesystem lie together in one local directory.",
      "It binds those who make bundles: config.md#root lets root.path be absolute and lead out of the bundle, so a runtime has nothing to refuse.",
    ),
  ),
);
