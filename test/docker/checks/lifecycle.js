// SPDX-License-Identifier: Apache-2.0
// One container from run to rm: what Docker shows of it, and the states it walks through.

import assert from "node:assert/strict";
import { inSequence } from "../../podman/sequence.js";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { containers, idle } from "../containers.js";
import { line } from "../traces.js";

const name = "walker";

export default function ({ add: addAnywhere }, engine) {
  const add = inSequence(addAnywhere);
  const tools = { ...engine, ...containers(engine) };
  let events;
  looks(add, tools, () => {
    events = engine.watchEvents(name);
  });
  changes(add, tools);
  ends(add, tools);

  add("events has told of all of it, in order", async () => {
    const all =
      "create start top update pause unpause kill die stop start restart kill die stop start kill die destroy";
    const told = () =>
      (events?.out() ?? "")
        .split("\n")
        .filter((action) => all.split(" ").includes(action))
        .join(" ");
    await until(() => told().endsWith("destroy"), "the last event", 60).catch(() => {});
    events?.stop();
    assert.equal(told(), all);
  });
}

function looks(add, { docker, start, inspect, printed }, watch) {
  add("run -d, logs, ps and inspect", async () => {
    watch();
    const script = `echo in the background; trap 'exit 7' TERM; ${idle}`;
    expectResult(await start(name, script), 0);
    await printed(name, "in the background");
    const { lines } = await docker(["ps", "--format", "{{.Names}} {{.Status}}"]);
    assert.ok(
      lines.some((found) => /^walker Up /.test(found)),
      `ps: ${lines}`,
    );
    const [state, pid] = (await inspect(name, "{{.State.Status}} {{.State.Pid}}")).split(" ");
    assert.equal(state, "running");
    assert.equal(line(`/proc/${pid}/comm`), "sh");
  });

  add("top lists its processes", async () => {
    const result = await docker(`top ${name}`);
    expectResult(result, 0);
    expectMatch(result, /PID/);
    expectMatch(result, /sh -c echo in the background/);
  });

  add("stats --no-stream has sane figures", async () => {
    const format = "{{.MemUsage}};{{.PIDs}};{{.CPUPerc}};{{.BlockIO}}";
    // Something to see.
    expectResult(await docker(["exec", "-d", name, "timeout", "30", "sh", "-c", "while :; do :; done"]), 0);
    const result = await docker(["stats", "--no-stream", "--format", format, name]);
    expectResult(result, 0);
    const [memory, pids, cpu] = result.out.trim().split(";");
    const used = memory.match(/^([\d.]+)(KiB|MiB) \/ [\d.]+(MiB|GiB)$/);
    assert.ok(used && Number(used[1]) > 0, `memory: ${memory}`);
    assert.ok(used[2] === "KiB" || Number(used[1]) < 20, `memory: ${memory}`);
    assert.match(pids, /^[2-6]$/);
    assert.match(cpu, /^\d+\.\d+%$/);
    // no upper bound: Docker divides by a clock that is late where the machine is emulated (389 % of two processors)
    assert.ok(Number.parseFloat(cpu) > 0, `cpu: ${cpu}`);
  });
}

function changes(add, { docker, status, cgroupFile }) {
  add("update changes the limits of the running container", async () => {
    expectResult(
      await docker(
        `update --memory 48m --memory-swap 64m --cpus 0.75 --pids-limit 44 --cpuset-cpus 0 ${name}`,
      ),
      0,
    );
    assert.equal(await cgroupFile(name, "memory.max"), `${48 << 20}`);
    assert.equal(await cgroupFile(name, "memory.swap.max"), `${16 << 20}`);
    assert.equal(await cgroupFile(name, "cpu.max"), "75000 100000");
    assert.equal(await cgroupFile(name, "pids.max"), "44");
    assert.equal(await cgroupFile(name, "cpuset.cpus"), "0");
  });

  add("pause stops every process, unpause lets them go on", async () => {
    expectResult(await docker(`pause ${name}`), 0);
    assert.equal(await status(name), "paused");
    assert.match(await cgroupFile(name, "cgroup.events"), /frozen 1/);
    const refused = await docker(`exec ${name} true`);
    assert.notEqual(refused.code, 0);
    expectMatch(refused, /paused/);
    expectResult(await docker(`unpause ${name}`), 0);
    assert.equal(await status(name), "running");
    assert.match(await cgroupFile(name, "cgroup.events"), /frozen 0/);
  });
}

function ends(add, { docker, inspect, status, cgroupFile }) {
  add("restart: another process, the limits of update still there", async () => {
    const first = await inspect(name, "{{.State.Pid}}");
    expectResult(await docker(`restart -t 20 ${name}`), 0);
    assert.equal(await status(name), "running");
    assert.notEqual(await inspect(name, "{{.State.Pid}}"), first);
    assert.equal(await cgroupFile(name, "memory.max"), `${48 << 20}`);
  });

  add("stop sends SIGTERM and keeps the exit code", async () => {
    await until(
      async () => (await docker(`logs ${name}`)).out.match(/in the background/g)?.length === 2,
      "ready",
    );
    expectResult(await docker(`stop -t 60 ${name}`), 0);
    assert.equal(await inspect(name, "{{.State.Status}} {{.State.ExitCode}}"), "exited 7");
  });

  add("start again, rm -f: the process and the cgroup are gone", async () => {
    expectResult(await docker(`start ${name}`), 0);
    const pid = Number(await inspect(name, "{{.State.Pid}}"));
    assert.match(await cgroupFile(name, "cgroup.events"), /populated 1/);
    expectResult(await docker(`rm -f ${name}`), 0);
    assert.throws(() => process.kill(pid, 0), `process ${pid} is still there`);
  });
}
