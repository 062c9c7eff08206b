// SPDX-License-Identifier: Apache-2.0
// Pods with a network of their own, by plugins of CNI, one by each of two runtimes: as a RuntimeClass has it on a node
// whose default is another.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { inSequence } from "../../podman/sequence.js";
import { expectMatch, expectResult, once, Skip } from "../../podman/tap.js";
import { list, until } from "../../podman/traces.js";
import { cniPlugins, defaultRuntime, image, podNamespace, shell } from "../containerd.js";
import { openCri } from "../cri.js";

const ofPod = { network: 0, pid: 0, ipc: 0 };
const serve = "mkdir /www; echo $HOSTNAME > /www/index.html; exec httpd -f -p 8080 -h /www";

/** Pods that serve their name as a page, by what they are called here. */
function servingPods({ scratch, socket, pods }) {
  const cri = once(() => openCri(socket));
  const call = async (method, request) => (await cri()).call(method, request);
  const made = {};
  const podConfig = (name) => ({
    metadata: { name, uid: `uid-${name}`, namespace: "default" },
    hostname: name,
    logDirectory: `${scratch}/pod-logs-${name}`,
    linux: { cgroupParent: pods.parent, securityContext: { namespaceOptions: ofPod } },
  });
  return {
    made,
    /** The handler is what a RuntimeClass says; "" is the default one. */
    async start(name, runtimeHandler) {
      const sandboxConfig = podConfig(name);
      const { podSandboxId } = await call("RunPodSandbox", { config: sandboxConfig, runtimeHandler });
      const pod = { podSandboxId };
      made[name] = pod;
      const { status } = await call("PodSandboxStatus", { podSandboxId });
      Object.assign(pod, { ip: status.network?.ip, handler: status.runtimeHandler ?? "" });
      const config = {
        metadata: { name: "main" },
        image: { image },
        command: ["sh", "-c", serve],
        envs: [{ key: "HOSTNAME", value: name }],
        logPath: "main.log",
        linux: { securityContext: { namespaceOptions: { ...ofPod, pid: 1 } } },
      };
      pod.containerId = (await call("CreateContainer", { podSandboxId, config, sandboxConfig })).containerId;
      await call("StartContainer", { containerId: pod.containerId });
      return pod;
    },
    exec: (name, ...cmd) => call("ExecSync", { containerId: made[name].containerId, cmd, timeout: 120 }),
    async removeAll() {
      for (const { podSandboxId } of Object.values(made)) {
        await call("StopPodSandbox", { podSandboxId });
        await call("RemovePodSandbox", { podSandboxId });
      }
      (await cri()).close();
    },
  };
}

function needPrograms() {
  for (const path of [`${cniPlugins}/bridge`, defaultRuntime])
    if (!existsSync(path)) throw new Skip(`${path} is not there`);
}

export default function ({ add: addOne }, engine) {
  const { run, scratch } = engine;
  const { made, start, exec, removeAll } = servingPods(engine);
  const recordedBy = (folder) => list(`${scratch}/${folder}/${podNamespace}`, /^[0-9a-f]{64}$/);
  const add = inSequence(addOne);

  add("CRI: a pod's runtime handler is the runtime under test, beside pods of the default one", async () => {
    needPrograms();
    const classed = await start("classed", "runts");
    const plain = await start("plain", "");
    assert.deepEqual([classed.handler, plain.handler], ["runts", ""]);
    for (const [ours, theirs, { podSandboxId, containerId }] of [
      ["runtime", "default-runtime", classed],
      ["default-runtime", "runtime", plain],
    ])
      for (const id of [podSandboxId, containerId]) {
        assert.ok(recordedBy(ours).includes(id), `${id} is not a container of ${ours}`);
        assert.ok(!recordedBy(theirs).includes(id), `${id} is a container of ${theirs}`);
      }
    await assert.rejects(
      start("unknown", "no-such-handler"),
      /no runtime for "no-such-handler" is configured/,
    );
  });
  add("CRI: each of these pods has its address, and gets a page from the other", async () => {
    needPrograms();
    for (const [name, other] of [
      ["classed", "plain"],
      ["plain", "classed"],
    ]) {
      const { stdout } = await exec(name, "ip", "-o", "-4", "addr", "show", "eth0");
      assert.match(made[name].ip, /^10\.87\.0\.\d+$/);
      assert.ok(stdout.includes(`inet ${made[name].ip}/24`), stdout);
      const url = `http://${made[other].ip}:8080/`;
      await until(
        async () => (await exec(name, "timeout", "20", "wget", "-q", "-O", "-", url)).stdout === `${other}\n`,
        url,
      );
    }
  });
  add("CRI: these pods end, and their networks with them", async () => {
    needPrograms();
    await removeAll();
    assert.deepEqual([...recordedBy("default-runtime"), ...list("/sys/class/net/runts-cni0/brif")], []);
  });
  add("run --cni: an address of the machine's network", async () => {
    needPrograms();
    if (list("/etc/cni/net.d").length === 0) throw new Skip("/etc/cni/net.d has no network");
    const result = await run(shell("--rm --cni", "run-cni", "ip -o -4 addr show eth0"));
    expectResult(result, 0);
    expectMatch(result, /inet 10\.\d+\.\d+\.\d+\//);
  });
}
