// SPDX-License-Identifier: Apache-2.0

import { chapter, must, section, should } from "./clause.ts";

export const capabilities = chapter(
  "Capabilities",
  section(
    "config.md#linux-process",
    must("capabilities.effective", "The process has no effective capabilities but those of effective."),
    must("capabilities.bounding", "The bounding set of the process is bounding."),
    must("capabilities.inheritable", "The inheritable set of the process is inheritable."),
    must(
      "capabilities.permitted",
      "The process has no permitted capabilities but those of permitted, as far as execve does not add to them.",
    ),
    must("capabilities.ambient", "The ambient set of the process is ambient."),
    must("capabilities.names", "Every capability that the kernel has can be named and is kept."),
    must(
      "capabilities.warning",
      "A name that the kernel has no capability for, or a capability that cannot be granted, is logged as a warning.",
      "The spec leaves open whether anybody gets to see a warning (runtime.md#warnings); that it is not an error is the next two clauses.",
    ),
    should("capabilities.unknown", "A name that no capability has does not make the container fail."),
    should(
      "capabilities.not-granted",
      "A capability that cannot be granted does not make the container fail; the others are kept.",
    ),
  ),
);
