// SPDX-License-Identifier: Apache-2.0

import { errnoOf, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { type StateView, view } from "./state.ts";

const ENOENT = 2;

/** The ids of all containers below the root, in order. */
export function idsBelow({ host, root }: Runtime): readonly string[] {
  try {
    return host
      .list(root)
      .filter((name) => !name.startsWith("."))
      .sort();
  } catch (error) {
    if (errnoOf(error) === ENOENT) return []; // no container was ever made
    throw error;
  }
}

/** All containers below the root, by id. One that cannot be read is told of and left out. */
export function list(runtime: Runtime): readonly StateView[] {
  const views: StateView[] = [];
  for (const id of idsBelow(runtime)) {
    try {
      views.push(view(runtime, readRecord(runtime, id)));
    } catch {
      runtime.warn(`${id}: no readable state`);
    }
  }
  return views;
}
