// SPDX-License-Identifier: Apache-2.0

/** Writes bundles.h for native/bench/floor.c: the benchmark's two configurations as C tables. */

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Mount options that are attributes of the mount; the others belong to the filesystem. */
const ATTRIBUTES = new Map([
  ["ro", "MOUNT_ATTR_RDONLY"],
  ["nosuid", "MOUNT_ATTR_NOSUID"],
  ["nodev", "MOUNT_ATTR_NODEV"],
  ["noexec", "MOUNT_ATTR_NOEXEC"],
  ["relatime", "MOUNT_ATTR_RELATIME"],
  ["strictatime", "MOUNT_ATTR_STRICTATIME"],
]);
/** Said by the kind of mount, or the default of a new one. */
const IMPLIED = new Set(["bind", "rprivate"]);

const quote = (text) => JSON.stringify(text);
const strings = (list) => `(char *const[]){${[...list.map(quote), "NULL"].join(", ")}}`;

function options(pairs) {
  const rows = pairs.map(
    ([name, value]) => `{${quote(name)}, ${value === undefined ? "NULL" : quote(value)}}`,
  );
  return `(const struct option[]){${[...rows, "{NULL, NULL}"].join(", ")}}`;
}

function mountPoint(mount) {
  const all = (mount.options ?? []).filter((option) => !IMPLIED.has(option));
  const attributes = all.filter((option) => ATTRIBUTES.has(option)).map((option) => ATTRIBUTES.get(option));
  const data = all.filter((option) => !ATTRIBUTES.has(option)).map((option) => option.split("="));
  const type = mount.type === "cgroup" ? "cgroup2" : mount.type;
  const fields = [
    quote(mount.destination),
    type === "bind" ? "NULL" : quote(type),
    quote(mount.source),
    attributes.join(" | ") || "0",
    options(data),
  ];
  return `{${fields.join(", ")}}`;
}

function capabilitySet(names = []) {
  return names.map((name) => `UINT64_C(1) << ${name}`).join(" | ") || "0";
}

function limit(rlimit) {
  return `{${rlimit.type}, {${rlimit.soft}, ${rlimit.hard}}}`;
}

function bundle(name, config) {
  const { process, linux } = config;
  const capabilities = process.capabilities;
  const limits = process.rlimits ?? [];
  const sysctl = Object.entries(linux.sysctl ?? {}).map(([key, value]) => [
    `/proc/sys/${key.replaceAll(".", "/")}`,
    value,
  ]);
  const pids = linux.resources?.pids?.limit;
  return `    {
        .name = ${quote(name)},
        .hostname = ${quote(config.hostname)},
        .mounts = (const struct mount_point[]){${[...config.mounts.map(mountPoint), "{0}"].join(", ")}},
        .masked = ${strings(linux.maskedPaths ?? [])},
        .read_only = ${strings(linux.readonlyPaths ?? [])},
        .sysctl = ${options(sysctl)},
        .limits = (const struct limit[]){${limits.map(limit).join(", ")}},
        .limit_count = ${limits.length},
        .bounding = ${capabilitySet(capabilities.bounding)},
        .effective = ${capabilitySet(capabilities.effective)},
        .permitted = ${capabilitySet(capabilities.permitted)},
        .inheritable = ${capabilitySet(capabilities.inheritable)},
        .ambient = ${capabilitySet(capabilities.ambient)},
        .pids_max = ${pids === undefined ? "NULL" : quote(String(pids))},
        .env = ${strings(process.env)},
        .umask = ${process.user.umask ?? 0o22},
        .no_new_privileges = ${process.noNewPrivileges === true},
        .root_read_only = ${config.root.readonly === true},
    },`;
}

export function floorTables(configs) {
  const bundles = Object.entries(configs).map(([name, config]) => bundle(name, config));
  return `// made by scripts/bench/floor-tables.js\n\nstatic const struct bundle bundles[] = {\n${bundles.join("\n")}\n};\n`;
}

function load(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8"));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  writeFileSync(process.argv[2], floorTables({ spec: load("spec"), podman: load("podman") }));
