// SPDX-License-Identifier: Apache-2.0

import { errnoOf, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { type StateView, view } from "./state.ts";

const ENOENT = 2;

/** All containers below the root, by id. One that cannot be read is told of and left out. */
export function list(runtime: Runtime): readonly StateView[] {
  let ids: string[];
  try {
    ids = runtime.host.list(runtime.root);
  } catch (error) {
    if (errnoOf(error) === ENOENT) return []; // no container was ever made
    throw error;
  }
  const views: StateView[] = [];
  for (const id of ids.sort()) {
    if (id.startsWith(".")) continue;
    try {
      views.push(view(runtime, readRecord(runtime, id)));
    } catch {
      runtime.warn(`${id}: no readable state`);
    }
  }
  return views;
}
