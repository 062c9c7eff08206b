// SPDX-License-Identifier: Apache-2.0
// Many at the same time.

import { expectResult } from "../../podman/tap.js";
import { shell } from "../containerd.js";

const count = 20;

export default function ({ add }, { run }) {
  add(`${count} containers in parallel, each with its output and exit code`, async () => {
    const numbers = Array.from({ length: count }, (_, i) => i);
    const results = await Promise.all(
      numbers.map((i) => run(shell("--rm", `many-${i}`, `echo number ${i}; exit ${i}`))),
    );
    for (const i of numbers) expectResult(results[i], i, `number ${i}`);
  });
}
