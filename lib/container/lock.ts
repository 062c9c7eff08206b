// SPDX-License-Identifier: Apache-2.0

import { RuntsError } from "../errors.ts";
import { lockMilliseconds } from "../plan/start.ts";
import { isSystemFailure } from "../wording.ts";
import { checkId } from "./id.ts";
import { errnoOf, folderOf } from "./record.ts";
import type { Runtime } from "./runtime.ts";

const ENOENT = 2;
const EBUSY = 16;

/**
 * Does something to a container while no other command changes it: what takes several plans, and reads between
 * them. Those with one plan take the lock in it (`lockState`).
 */
export async function withLock<Value>(
  runtime: Runtime,
  id: string,
  action: () => Promise<Value>,
): Promise<Value> {
  checkId(id);
  const lock = take(runtime, id);
  try {
    return await action();
  } finally {
    runtime.host.unlock(lock);
  }
}

function take(runtime: Runtime, id: string): number {
  const file = folderOf(runtime, id);
  try {
    return runtime.host.lock(file, lockMilliseconds);
  } catch (cause) {
    if (errnoOf(cause) === ENOENT) throw new RuntsError("not-found", { id }, cause);
    if (!isSystemFailure(cause)) throw cause;
    const { syscall, errno } = cause;
    const detail = errno === EBUSY ? "another command holds this container" : "";
    throw new RuntsError("system", { id, file, syscall, errno, detail }, cause);
  }
}
