// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section } from "./clause.ts";

export const paths = chapter(
  "Masked and readonly paths",
  section(
    "config-linux.md#masked-paths",
    must("paths.masked-file", "What a file among maskedPaths holds cannot be read inside the container."),
    must(
      "paths.masked-directory",
      "What a directory among maskedPaths holds cannot be listed or read inside the container.",
    ),
    must(
      "paths.masked-inside",
      "maskedPaths are paths of the container, over whatever is mounted there; files of the host stay as they are.",
    ),
    must("paths.masked-absolute", "A path among maskedPaths that is not absolute is refused."),
    may("paths.masked-missing", "A path among maskedPaths that is not there may be passed over."),
  ),
  section(
    "config-linux.md#readonly-paths",
    must(
      "paths.readonly-file",
      "A file among readonlyPaths can be read, but not written, inside the container.",
    ),
    must(
      "paths.readonly-directory",
      "Below a directory among readonlyPaths everything can be read, and nothing made, changed or removed.",
    ),
    must(
      "paths.readonly-inside",
      "readonlyPaths are paths of the container, over whatever is mounted there and with its other options; what is around them stays writable.",
    ),
    must("paths.readonly-absolute", "A path among readonlyPaths that is not absolute is refused."),
    may("paths.readonly-missing", "A path among readonlyPaths that is not there may be passed over."),
  ),
);
