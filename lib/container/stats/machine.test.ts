// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { memoryHost } from "../../config/fixtures/host.ts";
import { machineOf } from "./machine.ts";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const machine = (online: string, meminfo = "MemTotal:        3145728 kB\nMemFree: 1 kB\n") =>
  machineOf(memoryHost({ "/sys/devices/system/cpu/online": bytes(online), "/proc/meminfo": bytes(meminfo) }));

test("processors are counted in ranges and one by one", () => {
  assert.equal(machine("0-3,7,9-10\n"), { processors: 7, memory: 3 * 2 ** 30 });
  assert.is(machine("0\n").processors, 1);
});

test("what is not told is one processor, and no memory", () => {
  assert.equal(machineOf(memoryHost({})), { processors: 1, memory: null });
  assert.equal(machine("", "nothing\n"), { processors: 1, memory: null });
});

test.run();
