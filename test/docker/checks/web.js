// SPDX-License-Identifier: Apache-2.0
// A Python web server of a Debian image under limits.

import assert from "node:assert/strict";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { containers } from "../containers.js";
import { pythonImage } from "../docker.js";
import { importPython } from "../python.js";
import { until } from "../traces.js";

const options = `--blkio-weight 100 --memory 10M --cpu-quota 25000 --cpu-period 2000 --cpu-shares 30
  -p 127.0.0.1:18942:80`;

export default function ({ add }, engine) {
  const { docker } = engine;
  const { cgroupFile, status } = containers(engine);

  add(`python3 -m http.server with ${options.replace(/\s+/g, " ")} answers`, async () => {
    await importPython(engine);
    const command = "python3 -m http.server --directory /etc 80";
    expectResult(await docker(`run -d --name web42 ${options} ${pythonImage} ${command}`), 0);
    const isThere = async () => {
      assert.equal(await status("web42"), "running");
      return fetch("http://127.0.0.1:18942/debian_version").catch(() => undefined);
    };
    const answer = await until(isThere, "an answer");
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("server") ?? "", /Python\/3/);
    assert.match(await answer.text(), /^12\./);

    assert.equal(await cgroupFile("web42", "memory.max"), `${10 << 20}`);
    assert.equal(await cgroupFile("web42", "cpu.max"), "25000 2000");
    // by the line that runtimes used before 2025, or by the curve of today
    assert.match(await cgroupFile("web42", "cpu.weight"), /^(2|7)$/);
    expectMatch(await docker("logs web42"), /"GET \/debian_version HTTP\/1\.1" 200/);
    expectResult(await docker("rm -f web42"), 0);
  });
}
