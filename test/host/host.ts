// SPDX-License-Identifier: Apache-2.0

/** The real host under test: native/quickjs/module.c in runts-unit, the addon after preload-node.js. */

import * as assert from "uvu/assert";
import type { Host } from "../../lib/host.ts";

declare global {
  var __runtsHost: Host | undefined;
}

function theHost(): Host {
  if (globalThis.__runtsHost === undefined) throw new Error("run on Node with test/host/preload-node.js");
  return globalThis.__runtsHost;
}

export const host: Host = theHost();

/** One byte for each character, up to U+00FF. */
export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A path of our own below build/test, in which bundles lie; tests run in the repository's folder. */
export const scratch = (name: string): string => `build/test/host-${host.name}-${name}`;

export const errno = {
  ENOENT: 2,
  E2BIG: 7,
  EBADF: 9,
  EEXIST: 17,
  EXDEV: 18,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ELOOP: 40,
  EILSEQ: 84,
};

/** Asserts that a call throws a SystemFailure with these facts. */
export function fails(call: () => unknown, syscall: string, number: number, path = ""): void {
  try {
    call();
  } catch (error) {
    const { syscall: failed, errno: found, path: where } = Object(error);
    assert.instance(error, Error);
    assert.equal({ syscall: failed, errno: found, path: where }, { syscall, errno: number, path });
    return;
  }
  assert.unreachable(`${syscall} did not fail`);
}
