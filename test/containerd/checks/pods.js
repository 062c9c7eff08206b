// SPDX-License-Identifier: Apache-2.0
// A pod through the CRI plugin, as a kubelet has it made: on the host's network, which needs no CNI plugin.

import assert from "node:assert/strict";
import { readFileSync, readlinkSync } from "node:fs";
import { once, Skip } from "../../podman/tap.js";
import { image } from "../containerd.js";
import { openCri } from "../cri.js";
import { inSequence } from "../sequence.js";
import { cgroupFile, until } from "../traces.js";

const parent = "runts-pods";
const ready = 0;
const [created, running, exited] = [0, 1, 2];
const onNode = { network: 2, pid: 0, ipc: 0 };

export default function ({ add: addOne }, { socket, scratch }) {
  const add = inSequence(addOne);
  const cri = once(() => openCri(socket));
  const call = async (method, request) => (await cri()).call(method, request);
  const config = {
    metadata: { name: "pod", uid: "uid-1", namespace: "default" },
    hostname: "",
    logDirectory: `${scratch}/pod-logs`,
    linux: { cgroupParent: `/${parent}`, securityContext: { namespaceOptions: onNode } },
  };
  let podSandboxId;
  const create = async (name, script, resources = {}) => {
    const { containerId } = await call("CreateContainer", {
      podSandboxId,
      config: {
        metadata: { name },
        image: { image },
        command: ["sh", "-c", script],
        envs: [{ key: "POD", value: name }],
        logPath: `${name}.log`,
        linux: { resources, securityContext: { namespaceOptions: { ...onNode, pid: 1 } } },
      },
      sandboxConfig: config,
    });
    return containerId;
  };
  const status = async (containerId) => (await call("ContainerStatus", { containerId })).status;
  const exec = (containerId, ...cmd) => call("ExecSync", { containerId, cmd, timeout: 60 });

  let container;
  add("CRI: the plugin answers", async () => {
    const version = await call("Version", { version: "v1" });
    assert.deepEqual(version, { runtimeName: "containerd", runtimeApiVersion: "v1" });
  });
  add("CRI: RunPodSandbox with the runtime handler", async () => {
    ({ podSandboxId } = await call("RunPodSandbox", { config, runtimeHandler: "runts" }));
    assert.equal((await call("PodSandboxStatus", { podSandboxId })).status.state ?? ready, ready);
    assert.notEqual(cgroupFile(parent, podSandboxId, "cgroup.procs") ?? "", "");
  });
  add("CRI: CreateContainer, StartContainer", async () => {
    const limited = cgroupFile(parent, "", "memory.max") !== undefined;
    container = await create(
      "main",
      "echo $POD has started; trap 'exit 6' TERM; while :; do sleep 1; done",
      limited ? { memoryLimitInBytes: 64 << 20, cpuPeriod: 100000, cpuQuota: 50000 } : {},
    );
    assert.equal((await status(container)).state ?? created, created);
    await call("StartContainer", { containerId: container });
    assert.equal((await status(container)).state, running);
    await until(
      () => /stdout F main has started/.test(readFileSync(`${scratch}/pod-logs/main.log`, "utf8")),
      "its log",
    );
  });
  add("CRI: ExecSync: output, error and exit code", async () => {
    const result = await exec(container, "sh", "-c", "echo $POD; echo err >&2; exit 12");
    assert.deepEqual(result, { stdout: "main\n", stderr: "err\n", exitCode: 12 });
  });
  add("CRI: ExecSync: the sandbox's namespaces are shared, but for those of its own", async () => {
    const { stdout } = await exec(
      container,
      "sh",
      "-c",
      "readlink /proc/self/ns/ipc; readlink /proc/self/ns/mnt",
    );
    const ofPause = cgroupFile(parent, podSandboxId, "cgroup.procs").split("\n")[0];
    assert.equal(stdout.split("\n")[0], readlinkSync(`/proc/${ofPause}/ns/ipc`));
    assert.notEqual(stdout.split("\n")[1], readlinkSync(`/proc/${ofPause}/ns/mnt`));
  });
  add("CRI: ExecSync: a program that is not there", async () => {
    await assert.rejects(exec(container, "no-such-program"), /executable file not found in \$PATH/);
  });
  add("CRI: ContainerStats", async () => {
    if (cgroupFile(parent, "", "memory.max") === undefined) throw new Skip("no memory controller here");
    const { stats } = await call("ContainerStats", { containerId: container });
    assert.ok(stats.cpu.total.value > 1e5 && stats.cpu.total.value < 60e9, `cpu ${stats.cpu.total.value}`);
    const { value } = stats.memory.workingSet;
    assert.ok(value > 100e3 && value < 64 << 20, `memory ${value}`);
  });
  add("CRI: UpdateContainerResources", async () => {
    if (cgroupFile(parent, "", "memory.max") === undefined) throw new Skip("no memory controller here");
    await call("UpdateContainerResources", {
      containerId: container,
      linux: { memoryLimitInBytes: 128 << 20, cpuPeriod: 100000, cpuQuota: 20000, cpuShares: 512 },
    });
    assert.equal(cgroupFile(parent, container, "memory.max"), `${128 << 20}`);
    assert.equal(cgroupFile(parent, container, "cpu.max"), "20000 100000");
  });
  add("CRI: StartContainer: a program that is not there", async () => {
    const failing = await call("CreateContainer", {
      podSandboxId,
      config: { metadata: { name: "failing" }, image: { image }, command: ["no-such-program"] },
      sandboxConfig: config,
    });
    await assert.rejects(call("StartContainer", failing), /executable file not found in \$PATH/);
    assert.equal((await status(failing.containerId)).state, exited);
    await call("RemoveContainer", failing);
  });
  add("CRI: StopContainer, and its exit code", async () => {
    await call("StopContainer", { containerId: container, timeout: 30 });
    const { state, exitCode } = await status(container);
    assert.deepEqual({ state, exitCode }, { state: exited, exitCode: 6 });
    await call("RemoveContainer", { containerId: container });
  });
  add("CRI: StopPodSandbox, RemovePodSandbox", async () => {
    await call("StopPodSandbox", { podSandboxId });
    await call("RemovePodSandbox", { podSandboxId });
    assert.equal(cgroupFile(parent, podSandboxId, "cgroup.procs"), undefined);
    (await cri()).close();
  });
}
