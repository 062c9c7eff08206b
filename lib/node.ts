// SPDX-License-Identifier: Apache-2.0

/** What `import … from "runts"` gives in Node.js. */

import { host } from "./host-node.ts";
import { type Library, type LibraryOptions, openLibrary } from "./index.ts";

export * from "./index.ts";

/** A library of its own, with another root. */
export function open(options: LibraryOptions = {}): Library {
  return openLibrary(host, options);
}

const library = open();

export const create: Library["create"] = library.create;
export const start: Library["start"] = library.start;
export const state: Library["state"] = library.state;
export const exec: Library["exec"] = library.exec;
export const list: Library["list"] = library.list;
export const kill: Library["kill"] = library.kill;
export const processes: Library["processes"] = library.processes;
export const stats: Library["stats"] = library.stats;
export const plan: Library["plan"] = library.plan;
export const validate: Library["validate"] = library.validate;
export const diagnose: Library["diagnose"] = library.diagnose;
export const doctor: Library["doctor"] = library.doctor;
const remove: Library["delete"] = library.delete;

export { remove as delete };
