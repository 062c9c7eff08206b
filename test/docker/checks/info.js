// SPDX-License-Identifier: Apache-2.0
// What the daemon says of its runtime.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { basename } from "node:path";
import { expectResult } from "../../podman/tap.js";
import { containers } from "../containers.js";
import { image } from "../docker.js";

export default function ({ add }, engine) {
  const { docker, runtimeName, runtime, cgroupDriver, log } = engine;
  const { inspect } = containers(engine);

  add("docker info names it as the default runtime, with its path and the cgroup driver", async () => {
    const format = "{{.DefaultRuntime}} {{.CgroupDriver}} {{.CgroupVersion}} {{json .Runtimes}}";
    const { out } = await docker(["info", "--format", format]);
    const [name, driver, version, runtimes] = out.trim().split(" ");
    assert.deepEqual([name, driver, version], [runtimeName, cgroupDriver, "2"]);
    assert.equal(JSON.parse(runtimes)[runtimeName].path, runtime);
  });

  add("docker info has no warning, and the daemon's log none about the runtime's version", async () => {
    const { out } = await docker(["info", "--format", "{{json .Warnings}}"]);
    assert.deepEqual(JSON.parse(out) ?? [], []);
    const words = /level=(warning|error) msg="failed to (parse|retrieve) .* version/;
    const lines = log()
      .split("\n")
      .filter((line) => words.test(line));
    assert.deepEqual(lines, []);
  });

  add("docker info and docker version show its commit and version", async () => {
    const said = execFileSync(runtime, ["--version"], { encoding: "utf8" });
    const [, version] = /^\S+ version (\S+)$/m.exec(said) ?? [];
    const [, commit = ""] = /^commit: (.*)$/m.exec(said) ?? [];
    expectResult(await docker(["info", "--format", "{{.RuncCommit.ID}}"]), 0, commit);
    const { out } = await docker(["version", "--format", "{{json .Server.Components}}"]);
    const { Version, Details } = JSON.parse(out).find(({ Name }) => Name === basename(runtime));
    assert.deepEqual({ Version, commit: Details.GitCommit }, { Version: version, commit });
  });

  add("docker inspect names it as the container's runtime", async () => {
    expectResult(await docker(["create", "--name", "named", "--network", "none", image, "true"]), 0);
    assert.equal(await inspect("named", "{{.HostConfig.Runtime}}"), runtimeName);
    expectResult(await docker("rm named"), 0);
  });
}
