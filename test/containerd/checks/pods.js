// SPDX-License-Identifier: Apache-2.0
// A pod through the CRI plugin, as a kubelet has it made: on the host's network, which needs no CNI plugin.

import assert from "node:assert/strict";
import { readFileSync, readlinkSync } from "node:fs";
import { inSequence } from "../../podman/sequence.js";
import { once, Skip } from "../../podman/tap.js";
import { until } from "../../podman/traces.js";
import { image } from "../containerd.js";
import { openCri } from "../cri.js";
import { notFound, readCgroup } from "../traces.js";

const ready = 0;
const [created, running, exited] = [0, 1, 2];
const onNode = { network: 2, pid: 0, ipc: 0 };

/** One pod and its main container: what each check leaves for the next one. */
class Pod {
  podSandboxId;
  main;
  #cri;

  constructor({ socket, scratch, pods }) {
    this.place = pods;
    this.#cri = once(() => openCri(socket));
    this.logs = `${scratch}/pod-logs`;
    this.config = {
      metadata: { name: "pod", uid: "uid-1", namespace: "default" },
      hostname: "",
      logDirectory: this.logs,
      linux: { cgroupParent: pods.parent, securityContext: { namespaceOptions: onNode } },
    };
  }

  async call(method, request) {
    return (await this.#cri()).call(method, request);
  }

  async close() {
    (await this.#cri()).close();
  }

  /** Its id. */
  async create(name, command, resources = {}) {
    const config = {
      metadata: { name },
      image: { image },
      command,
      envs: [{ key: "POD", value: name }],
      logPath: `${name}.log`,
      linux: { resources, securityContext: { namespaceOptions: { ...onNode, pid: 1 } } },
    };
    const { podSandboxId } = this;
    const request = { podSandboxId, config, sandboxConfig: this.config };
    return (await this.call("CreateContainer", request)).containerId;
  }

  async status(containerId = this.main) {
    return (await this.call("ContainerStatus", { containerId })).status;
  }

  exec(...cmd) {
    return this.call("ExecSync", { containerId: this.main, cmd, timeout: 60 });
  }
}

function needMemory({ place }) {
  if (readCgroup(place.folder, "memory.max") === undefined) throw new Skip("no memory controller here");
}

export default function ({ add: addOne }, engine) {
  const add = inSequence(addOne);
  const pod = new Pod(engine);
  begin(add, pod);
  inside(add, pod);
  resources(add, pod);
  ending(add, pod);
}

function begin(add, pod) {
  add("CRI: the plugin answers", async () => {
    const version = await pod.call("Version", { version: "v1" });
    assert.deepEqual(version, { runtimeName: "containerd", runtimeApiVersion: "v1" });
  });
  add("CRI: RunPodSandbox with the runtime handler", async () => {
    const { podSandboxId } = await pod.call("RunPodSandbox", { config: pod.config, runtimeHandler: "runts" });
    pod.podSandboxId = podSandboxId;
    assert.equal((await pod.call("PodSandboxStatus", { podSandboxId })).status.state ?? ready, ready);
    assert.notEqual(readCgroup(pod.place.cgroup(podSandboxId), "cgroup.procs") ?? "", "");
  });
  add("CRI: CreateContainer, StartContainer", async () => {
    const limited = readCgroup(pod.place.folder, "memory.max") !== undefined;
    pod.main = await pod.create(
      "main",
      ["sh", "-c", "echo $POD has started; trap 'exit 6' TERM; while :; do sleep 1; done"],
      limited ? { memoryLimitInBytes: 64 << 20, cpuPeriod: 100000, cpuQuota: 50000 } : {},
    );
    assert.equal((await pod.status()).state ?? created, created);
    await pod.call("StartContainer", { containerId: pod.main });
    assert.equal((await pod.status()).state, running);
    await until(
      () => /stdout F main has started/.test(readFileSync(`${pod.logs}/main.log`, "utf8")),
      "its log",
    );
  });
}

function inside(add, pod) {
  add("CRI: ExecSync: output, error and exit code", async () => {
    const result = await pod.exec("sh", "-c", "echo $POD; echo err >&2; exit 12");
    assert.deepEqual(result, { stdout: "main\n", stderr: "err\n", exitCode: 12 });
  });
  add("CRI: ExecSync: the sandbox's namespaces are shared, but for those of its own", async () => {
    const { stdout } = await pod.exec("sh", "-c", "readlink /proc/self/ns/ipc; readlink /proc/self/ns/mnt");
    const ofPause = readCgroup(pod.place.cgroup(pod.podSandboxId), "cgroup.procs").split("\n")[0];
    assert.equal(stdout.split("\n")[0], readlinkSync(`/proc/${ofPause}/ns/ipc`));
    assert.notEqual(stdout.split("\n")[1], readlinkSync(`/proc/${ofPause}/ns/mnt`));
  });
  add("CRI: ExecSync: a program that is not there", async () => {
    await assert.rejects(pod.exec("no-such-program"), notFound);
  });
}

function resources(add, pod) {
  add("CRI: ContainerStats", async () => {
    needMemory(pod);
    const { stats } = await pod.call("ContainerStats", { containerId: pod.main });
    assert.ok(stats.cpu.total.value > 1e5 && stats.cpu.total.value < 60e9, `cpu ${stats.cpu.total.value}`);
    const { value } = stats.memory.workingSet;
    assert.ok(value > 100e3 && value < 64 << 20, `memory ${value}`);
  });
  add("CRI: UpdateContainerResources", async () => {
    needMemory(pod);
    await pod.call("UpdateContainerResources", {
      containerId: pod.main,
      linux: { memoryLimitInBytes: 128 << 20, cpuPeriod: 100000, cpuQuota: 20000, cpuShares: 512 },
    });
    assert.equal(readCgroup(pod.place.cgroup(pod.main), "memory.max"), `${128 << 20}`);
    assert.equal(readCgroup(pod.place.cgroup(pod.main), "cpu.max"), "20000 100000");
  });
  add("CRI: StartContainer: a program that is not there", async () => {
    const containerId = await pod.create("failing", ["no-such-program"]);
    const start = pod.call("StartContainer", { containerId });
    await assert.rejects(start, notFound);
    assert.equal((await pod.status(containerId)).state, exited);
    await pod.call("RemoveContainer", { containerId });
  });
}

function ending(add, pod) {
  add("CRI: StopContainer, and its exit code", async () => {
    await pod.call("StopContainer", { containerId: pod.main, timeout: 30 });
    const { state, exitCode } = await pod.status();
    assert.deepEqual({ state, exitCode }, { state: exited, exitCode: 6 });
    await pod.call("RemoveContainer", { containerId: pod.main });
  });
  add("CRI: StopPodSandbox, RemovePodSandbox", async () => {
    const { podSandboxId } = pod;
    await pod.call("StopPodSandbox", { podSandboxId });
    await pod.call("RemovePodSandbox", { podSandboxId });
    assert.equal(readCgroup(pod.place.cgroup(podSandboxId), "cgroup.procs"), undefined);
    await pod.close();
  });
}
