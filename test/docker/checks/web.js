// SPDX-License-Identifier: Apache-2.0
// Python web servers of a Debian image under limits.

import assert from "node:assert/strict";
import { expectMatch, expectResult, once } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { containers } from "../containers.js";
import { pythonImage } from "../docker.js";
import { importPython } from "../python.js";

const others = "--blkio-weight 100 --cpu-quota 25000 --cpu-period 2000 --cpu-shares 30";

// Nothing but a socket: what http.server imports takes 10 MiB by itself.
const server = `import socket
listener = socket.create_server(("", 80))
while True:
    caller, _ = listener.accept()
    caller.recv(4096)
    caller.sendall(b"HTTP/1.0 200 OK\\r\\nServer: Python/3\\r\\nContent-Length: 3\\r\\n\\r\\n12.")
    caller.close()
`;

export default function ({ add }, engine) {
  const { docker } = engine;
  const { cgroupFile, inspect } = containers(engine);
  const imported = once(() => importPython(engine));

  async function answers(name, memory, port, command) {
    await imported();
    const options = `--memory ${memory} ${others} -p 127.0.0.1:${port}:80`.split(" ");
    expectResult(await docker(["run", "-d", "--name", name, ...options, pythonImage, ...command]), 0);
    const isThere = async () => {
      assert.equal(await inspect(name, "{{.State.Status}} {{.State.OOMKilled}}"), "running false");
      return fetch(`http://127.0.0.1:${port}/debian_version`).catch(() => undefined);
    };
    const answer = await until(isThere, "an answer");
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("server") ?? "", /Python\/3/);
    assert.match(await answer.text(), /^12\./);

    assert.equal(await cgroupFile(name, "memory.max"), `${Number.parseInt(memory, 10) << 20}`);
    assert.equal(await cgroupFile(name, "cpu.max"), "25000 2000");
    // by the line that runtimes used before 2025, or by the curve of today
    assert.match(await cgroupFile(name, "cpu.weight"), /^(2|7)$/);
  }

  add(`a Python web server of sockets with --memory 10M ${others} answers`, async () => {
    await answers("web42", "10M", 18942, ["python3", "-S", "-c", server]);
    expectResult(await docker("rm -f web42"), 0);
  });

  add(
    `python3 -m http.server answers with the same, and --memory 20M: 10M is too little for it`,
    async () => {
      const command = "python3 -m http.server --directory /etc 80";
      await answers("web43", "20M", 18943, command.split(" "));
      expectMatch(await docker("logs web43"), /"GET \/debian_version HTTP\/1\.1" 200/);
      expectResult(await docker("rm -f web43"), 0);
    },
  );
}
