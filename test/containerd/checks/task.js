// SPDX-License-Identifier: Apache-2.0
// The life of one task, command by command; each check goes on where the last one stopped.

import assert from "node:assert/strict";
import { inSequence } from "../../podman/sequence.js";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { namespace, shell } from "../containerd.js";
import { quote, script } from "../terminal.js";
import { cgroupFile, expectDeleted, notFound } from "../traces.js";

const id = "life";

export default function ({ add: addOne }, { ctr, ...engine }) {
  const task = {
    ...engine,
    ctr,
    status: async () => {
      const listed = await ctr("tasks ls");
      expectResult(listed, 0);
      return new RegExp(`^${id}\\s+(\\d+)\\s+(\\w+)`, "m").exec(listed.out)?.slice(1) ?? [];
    },
    exec: (name, ...words) => ctr(["tasks", "exec", "--exec-id", name, id, ...words]),
  };
  const add = inSequence(addOne);
  begin(add, task);
  processes(add, task);
  ending(add, task);
}

function begin(add, { run, ctr, runts, status }) {
  add("run -d; tasks ls: RUNNING, and the pid", async () => {
    expectResult(await run(shell("-d", id, "trap 'exit 5' TERM; while :; do sleep 1; done")), 0);
    const [pid, name] = await status();
    assert.equal(name, "RUNNING");
    const state = JSON.parse((await runts(`state ${id}`)).out);
    assert.deepEqual({ pid: state.pid, status: state.status }, { pid: Number(pid), status: "running" });
  });
  add("tasks ps: the processes", async () => {
    const [pid] = await status();
    const result = await ctr(`tasks ps ${id}`);
    expectResult(result, 0);
    expectMatch(result, new RegExp(`^${pid}\\b`, "m"));
  });
}

function processes(add, { ctr, commandLine, exec }) {
  add("tasks exec: output and exit code", async () => {
    const result = await exec("plain", "sh", "-c", "pwd; echo $$; exit 9");
    expectResult(result, 9);
    assert.ok(result.lines.length === 2 && Number(result.lines[1]) > 1, result.out);
  });
  add("tasks exec -t: a terminal", async () => {
    const words = ["sh", "-c", "tty; exit 4"].map(quote).join(" ");
    const result = await script(commandLine(`tasks exec -t --exec-id tty ${id} ${words}`));
    expectMatch(result, /\/dev\/pts\/\d/);
    expectResult(result, 4);
  });
  add("tasks exec --user, --cwd", async () => {
    const result = await ctr([
      "tasks",
      "exec",
      "--exec-id",
      "user",
      "--user",
      "65534",
      "--cwd",
      "/tmp",
      id,
      "sh",
      "-c",
      "id -u; pwd",
    ]);
    expectResult(result, 0, "65534\n/tmp");
  });
  add("tasks exec: a program that is not there", async () => {
    const result = await exec("missing", "no-such-program");
    expectResult(result, 1);
    expectMatch(result, /OCI runtime exec failed/);
    expectMatch(result, notFound);
  });
}

function ending(add, { ctr, status, exec }) {
  add("tasks metrics: figures of this cgroup", async () => {
    const result = await ctr(`tasks metrics --format json ${id}`);
    expectResult(result, 0);
    expectSane(JSON.parse(result.out));
  });
  add("tasks pause and resume", async () => {
    expectResult(await ctr(`tasks pause ${id}`), 0);
    assert.equal((await status())[1], "PAUSED");
    assert.equal(cgroupFile(namespace, id, "cgroup.freeze"), "1");
    expectResult(await ctr(`tasks resume ${id}`), 0);
    assert.equal((await status())[1], "RUNNING");
  });
  add("tasks exec in a paused task is refused", async () => {
    expectResult(await ctr(`tasks pause ${id}`), 0);
    expectMatch(await exec("paused", "true"), /paused/);
    expectResult(await ctr(`tasks resume ${id}`), 0);
  });
  add("tasks kill, STOPPED, and delete with the exit code", async () => {
    expectResult(await ctr(`tasks kill --all -s SIGTERM ${id}`), 0);
    await until(async () => (await status())[1] === "STOPPED", "tasks kill");
    expectMatch(await ctr(`tasks kill ${id}`), /process already finished: not found/);
    expectDeleted(await ctr(`tasks delete ${id}`), 5);
    expectResult(await ctr(`containers delete ${id}`), 0);
    assert.equal(cgroupFile(namespace, id, "cgroup.procs"), undefined);
  });
}

/** Of a shell that sleeps, as containerd's shim reads them from the cgroup. */
function expectSane({ pids, cpu, memory, memory_events: events }) {
  assert.ok(pids.current >= 1 && pids.current <= 4, `pids ${pids.current}`);
  assert.ok(cpu.usage_usec > 100 && cpu.usage_usec < 60e6, `cpu ${cpu.usage_usec}`);
  assert.ok(memory.usage > 100e3 && memory.usage < 100e6, `memory ${memory.usage}`);
  assert.ok((events?.oom_kill ?? 0) === 0);
}
