// SPDX-License-Identifier: Apache-2.0

/** What a schema cannot say, one family of fields a file. */

import { capabilityRules } from "./capabilities.ts";
import { cgroupRules } from "./cgroup.ts";
import { deviceRules } from "./devices.ts";
import { intelRdtRules } from "./intel-rdt.ts";
import { mappingRules } from "./mappings.ts";
import { memoryPolicyRules } from "./memory-policy.ts";
import { mountRules } from "./mounts.ts";
import { namespaceRules } from "./namespaces.ts";
import { netDeviceRules } from "./net-devices.ts";
import { personalityRules } from "./personality.ts";
import { processRules } from "./process.ts";
import { schedulerRules } from "./scheduler.ts";
import { seccompRules } from "./seccomp.ts";
import { fault, type Rule, type Subject } from "./subject.ts";
import { sysctlRules } from "./sysctl.ts";

/** Releases within a major version are compatible. */
const versionRule = (subject: Subject): void => {
  if (!subject.config.ociVersion.startsWith("1."))
    fault(subject, "unsupported", "/ociVersion", "a 1.x version of the runtime-spec");
};

export const rules: readonly Rule[] = [
  versionRule,
  processRules,
  schedulerRules,
  capabilityRules,
  mountRules,
  namespaceRules,
  mappingRules,
  netDeviceRules,
  deviceRules,
  intelRdtRules,
  memoryPolicyRules,
  personalityRules,
  sysctlRules,
  cgroupRules,
  seccompRules,
];
