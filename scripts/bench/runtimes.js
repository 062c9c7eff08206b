// SPDX-License-Identifier: Apache-2.0

/** Which runtimes there are to compare. */

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";

const KNOWN = ["crun", "runc", "youki"];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function onPath(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder || ".", name)).find(isExecutable);
}

/** The executable under test, the runtimes found on PATH, and those named by --runtime (a path or a name). */
export function findRuntimes(subjectPath, given, warn) {
  const subject = isExecutable(subjectPath) ? realpathSync(subjectPath) : undefined;
  const paths = subject === undefined ? [] : [subject];
  if (subject === undefined) warn(`${subjectPath} is not there: build it first to see it compared`);
  for (const wanted of given) {
    const path = wanted.includes("/") ? resolve(wanted) : onPath(wanted);
    if (path !== undefined && isExecutable(path)) paths.push(path);
    else warn(`${wanted} is not an executable`);
  }
  paths.push(...KNOWN.map(onPath).filter((path) => path !== undefined));
  return [...new Set(paths.map((path) => realpathSync(path)))].map((path) => ({
    path,
    subject: path === subject,
  }));
}

/** Names the runtimes by what they say of themselves: two versions of one runtime can be compared. */
export function nameRuntime(runtime, versionText, taken) {
  const [, name, version] = /^(\S+) version:? v?([0-9][^\s+]*)/m.exec(versionText) ?? [];
  runtime.kind = name ?? basename(runtime.path);
  runtime.version = version ?? "";
  runtime.bytes = statSync(runtime.path).size;
  const label = `${runtime.kind} ${runtime.version}`.trim();
  runtime.label = taken.has(label) ? `${label} (${runtime.path})` : label;
  taken.add(runtime.label);
  return runtime;
}
