// SPDX-License-Identifier: Apache-2.0

/** A features structure that is not true, or not well formed. */

import { inOutput } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

type Structure = Record<string, unknown>;

const inFeatures = (change: (features: Structure) => unknown): Fault => inOutput("features", change);

/** An object of the structure; an empty one beside it where there is none. */
function at(features: Structure, ...names: readonly string[]): Structure {
  let place = features;
  for (const name of names) {
    const found = place[name];
    if (typeof found !== "object" || found === null) return {};
    place = Object.assign(found);
  }
  return place;
}

/** A list of the structure has one more name. */
const listing = (word: string, name: string, ...way: readonly string[]) =>
  inFeatures((features) => {
    const list = at(features, ...way)[name];
    if (Array.isArray(list)) list.push(word);
  });

/** A switch below linux says something else. */
const switching = (to: boolean, name: string, ...way: readonly string[]) =>
  inFeatures((features) => {
    const place = at(features, "linux", ...way);
    if (typeof place[name] === "boolean") place[name] = to;
  });
const denying = (name: string, ...way: readonly string[]) => switching(false, name, ...way);

export const features: readonly Mutant[] = [
  {
    name: "features-min-missing",
    about: "features does not tell the lowest version.",
    breaks: ["features.version-min"],
    fault: inFeatures((printed) => delete printed.ociVersionMin),
  },
  {
    name: "features-max-missing",
    about: "features does not tell the highest version.",
    breaks: ["features.version-max"],
    fault: inFeatures((printed) => delete printed.ociVersionMax),
  },
  {
    name: "features-max-too-high",
    about: "features names a highest version that configs must not have.",
    breaks: ["features.version-max-accepted"],
    given: "config.version-major",
    fault: inFeatures((printed) => {
      printed.ociVersionMax = "2.0.0";
    }),
  },
  {
    name: "features-versions-turned",
    about: "The lowest version is higher than the highest.",
    breaks: ["features.version-order"],
    fault: inFeatures((printed) => {
      const { ociVersionMin, ociVersionMax } = printed;
      Object.assign(printed, { ociVersionMin: ociVersionMax, ociVersionMax: ociVersionMin });
    }),
  },
  {
    name: "features-of-older-version",
    about: "ociVersionMax is older than properties that are there.",
    breaks: ["features.known-properties"],
    fault: inFeatures((printed) => {
      printed.ociVersionMax = "1.1.0";
    }),
  },
  {
    name: "features-own-property",
    about: "There is a property that the spec does not have.",
    breaks: ["features.known-properties"],
    fault: inFeatures((printed) => {
      printed.mutant = true;
    }),
  },
  {
    name: "features-options-as-text",
    about: "mountOptions is a text with commas.",
    breaks: ["features.properties"],
    fault: inFeatures((printed) => {
      printed.mountOptions = String(printed.mountOptions);
    }),
  },
  {
    name: "features-hook-too-many",
    about: "features names a kind of hooks that there is not.",
    breaks: ["features.hooks"],
    fault: listing("postcreate", "hooks"),
  },
  {
    name: "features-option-too-many",
    about: "features names a mount option that the runtime does not know.",
    breaks: ["features.mount-options"],
    fault: listing("rreadonly", "mountOptions"),
  },
  {
    name: "features-data-among-options",
    about: "mountOptions has an option of one file system.",
    breaks: ["features.mount-options-data"],
    fault: listing("size", "mountOptions"),
  },
  {
    name: "features-namespace-too-many",
    about: "features names a type of namespace that the runtime does not know.",
    breaks: ["features.namespaces"],
    fault: listing("syslog", "namespaces", "linux"),
  },
  {
    name: "features-action-too-many",
    about: "features names a seccomp action that the runtime does not know.",
    breaks: ["features.seccomp-actions"],
    fault: listing("SCMP_ACT_WARN", "actions", "linux", "seccomp"),
  },
  {
    name: "features-operator-too-many",
    about: "features names an operator of seccomp that the runtime does not know.",
    breaks: ["features.seccomp-operators"],
    fault: listing("SCMP_CMP_MASKED_NE", "operators", "linux", "seccomp"),
  },
  {
    name: "features-flag-too-many",
    about: "features names a flag of seccomp that the runtime does not know.",
    breaks: ["features.seccomp-supported-flags"],
    fault: listing("SECCOMP_FILTER_FLAG_FAST", "supportedFlags", "linux", "seccomp"),
  },
  {
    name: "features-seccomp-denied",
    about: "features denies that seccomp is supported.",
    breaks: ["features.seccomp-enabled"],
    fault: denying("enabled", "seccomp"),
  },
  {
    name: "features-cgroup2-denied",
    about: "features denies that cgroup v2 is supported.",
    breaks: ["features.cgroup-v2"],
    fault: denying("v2", "cgroup"),
  },
  {
    name: "features-idmap-denied",
    about: "features denies that mounts can have id mappings.",
    breaks: ["features.idmap"],
    given: "mount-options.idmap-mappings",
    fault: denying("enabled", "mountExtensions", "idmap"),
  },
  {
    name: "features-net-devices-denied",
    about: "features denies that network devices can be moved.",
    breaks: ["features.net-devices"],
    given: "net-devices.moved",
    fault: denying("enabled", "netDevices"),
  },
  {
    name: "features-intel-rdt-claimed",
    about: "features claims that Intel RDT is supported.",
    breaks: ["features.intel-rdt"],
    fault: switching(true, "enabled", "intelRdt"),
  },
  {
    name: "features-annotations-numbers",
    about: "A value among the annotations of features is no text.",
    breaks: ["features.annotations"],
    fault: inFeatures((printed) => {
      printed.annotations = { "com.example.version": 1 };
    }),
  },
  {
    name: "features-of-the-moment",
    about: "features depends on where it is asked.",
    breaks: ["features.static"],
    fault: inFeatures((printed) => {
      printed.annotations = {
        "com.example.folder": process.cwd(),
        "com.example.user": String(process.getuid?.()),
      };
    }),
  },
];
