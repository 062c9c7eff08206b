// SPDX-License-Identifier: Apache-2.0

/** A config that is read wrongly, and what it says about the container as a whole. */

import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Config } from "./config.ts";
import { inConfig, refuse } from "./faults.ts";
import type { Fault, Mutant } from "./mutant.ts";

/** The file is another text while create reads it; for what no change of the parsed config can do. */
const inText = (change: (text: string) => string): Fault => ({
  create: (call) => {
    const path = `${call.bundle}/config.json`;
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch {
      return call.real();
    }
    writeFileSync(path, change(bytes.toString()));
    try {
      return call.real();
    } finally {
      writeFileSync(path, bytes);
    }
  },
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ofSpec = [
  ...["ociVersion", "root", "mounts", "process", "hostname", "domainname", "hooks", "annotations", "linux"],
  ...["windows", "solaris", "vm", "zos", "freebsd"],
];

const ofProcess = [
  ...["terminal", "consoleSize", "user", "args", "commandLine", "env", "cwd", "capabilities", "rlimits"],
  ...["noNewPrivileges", "apparmorProfile", "oomScoreAdj", "selinuxLabel", "ioPriority", "scheduler"],
  "execCPUAffinity",
];

const dropping = (name: keyof Config): Fault => inConfig((config) => delete config[name]);

export const configFile: readonly Mutant[] = [
  {
    name: "duplicate-names-last-wins",
    about: "Of two values with the same name the last one counts.",
    breaks: ["config.json-duplicates"],
    fault: inText((text) => {
      const config = parsed(text);
      return config === undefined ? text : JSON.stringify(config);
    }),
  },
  {
    name: "rest-of-file-ignored",
    about: "What follows the object of the config is not looked at.",
    breaks: ["config.json-syntax"],
    fault: inText((text) => (parsed(text) === undefined ? text.slice(0, text.lastIndexOf("}") + 1) : text)),
  },
  {
    name: "config-as-latin1",
    about: "config.json is taken for Latin-1.",
    breaks: ["config.json-utf8"],
    fault: inText((text) => Buffer.from(text).toString("latin1")),
  },
  {
    name: "version-guessed",
    about: "Without ociVersion the latest one is taken.",
    breaks: ["config.version-required"],
    fault: inConfig((config) => {
      config.ociVersion ??= "1.0.2";
    }),
  },
  {
    name: "any-version-accepted",
    about: "ociVersion is not looked at.",
    breaks: ["config.version-major", "config.version-format"],
    fault: inConfig((config) => {
      if (config.ociVersion !== undefined) config.ociVersion = "1.0.2";
    }),
  },
  {
    name: "one-version-accepted",
    about: "Only configs of version 1.0.2 are accepted.",
    breaks: ["config.version-compatible"],
    fault: refuse(({ ociVersion }) => ociVersion !== "1.0.2"),
  },
  {
    name: "unknown-properties-refused",
    about: "A property that the spec does not have is an error.",
    breaks: ["config.unknown-properties"],
    fault: refuse((config) => Object.keys(config).some((name) => !ofSpec.includes(name))),
  },
  {
    name: "unknown-process-properties-refused",
    about: "A property of process that the spec does not have is an error.",
    breaks: ["config.unknown-properties"],
    fault: refuse(({ process }) => Object.keys(process ?? {}).some((name) => !ofProcess.includes(name))),
  },
  {
    name: "hostname-ignored",
    about: "hostname has no effect.",
    breaks: ["config.hostname"],
    fault: dropping("hostname"),
  },
  {
    name: "hostname-cut-at-dot",
    about: "Of the host name only the first part is set.",
    breaks: ["config.hostname"],
    fault: inConfig((config) => {
      config.hostname = config.hostname?.split(".")[0] ?? "";
    }),
  },
  {
    name: "domainname-ignored",
    about: "domainname has no effect.",
    breaks: ["config.domainname"],
    fault: dropping("domainname"),
  },
  {
    name: "odd-annotations-dropped",
    about: "Annotations that are not texts, or without a name, are passed over.",
    breaks: ["config.annotations-text-values", "config.annotations-empty-key"],
    fault: inConfig(({ annotations }) => {
      for (const [name, value] of Object.entries(annotations ?? {})) {
        if (name === "" || typeof value !== "string") delete annotations?.[name];
      }
    }),
  },
  {
    name: "annotations-list-ignored",
    about: "Annotations that are not a map are passed over.",
    breaks: ["config.annotations-map"],
    fault: inConfig((config) => {
      const { annotations } = config;
      if (typeof annotations !== "object" || Array.isArray(annotations)) delete config.annotations;
    }),
  },
  {
    name: "reserved-annotations-refused",
    about: "Unknown annotations that begin with org.opencontainers are an error.",
    breaks: ["config.annotations-unknown"],
    fault: refuse(({ annotations }) =>
      Object.keys(annotations ?? {}).some((name) => /^org\.opencontainers\.(?!image\.)/.test(name)),
    ),
  },
  {
    name: "yes-is-true",
    about: "Any text where true or false is expected counts as true.",
    breaks: ["config.invalid-values"],
    fault: inConfig(({ root, process }) => {
      for (const place of [root, process] as (Record<string, unknown> | undefined)[]) {
        for (const name of ["readonly", "terminal", "noNewPrivileges"]) {
          if (place && name in place && typeof place[name] !== "boolean") place[name] = name !== "terminal";
        }
      }
    }),
  },
  {
    name: "bundle-with-blank-refused",
    about: "A bundle whose path has a blank in it is refused.",
    breaks: ["bundle.any-directory"],
    fault: refuse((_, { bundle }) => /\s/.test(bundle)),
  },
  {
    name: "config-of-rootfs",
    about: "A bundle without config.json is taken with the one in its root filesystem.",
    breaks: ["bundle.config-file"],
    fault: {
      create: (call) => {
        const path = `${call.bundle}/config.json`;
        const other = `${call.bundle}/rootfs/config.json`;
        if (existsSync(path) || !existsSync(other)) return call.real();
        copyFileSync(other, path);
        try {
          return call.real();
        } finally {
          rmSync(path);
        }
      },
    },
  },
];
