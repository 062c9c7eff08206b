// SPDX-License-Identifier: Apache-2.0
// A containerd of our own: its storage, state, configuration and containers in one scratch folder, and the runtime
// under test in the place of runc.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { execute, split } from "../podman/podman.js";
import { killProcessesNaming } from "../podman/traces.js";

export const image = "localhost/busybox:latest";
export const pauseImage = "localhost/pause:latest";

/** Where ctr's containers are, and those of the CRI plugin. */
export const namespace = "runts-test";
export const podNamespace = "k8s.io";

/** Where a kubelet would put a pod's cgroups, as it says it and as it is found; the place of one container there. */
const podFolder = {
  parent: "/runts-pods",
  folder: "/sys/fs/cgroup/runts-pods",
  cgroup: (id) => `/sys/fs/cgroup/runts-pods/${id}`,
};
const slice = "/sys/fs/cgroup/runts.slice/runts-pods.slice";
const podSlice = {
  parent: "runts-pods.slice",
  folder: slice,
  cgroup: (id) => `${slice}/cri-containerd-${id}.scope`,
};

/** The runtime of pods that ask for none, as on a node where a RuntimeClass names the runtime under test. */
export const defaultRuntime = "/usr/sbin/runc";

/** Debian's plugins of CNI: a bridge for pods with a network of their own. */
export const cniPlugins = "/usr/lib/cni";

function bridgeNetwork(scratch) {
  const ranges = [[{ subnet: "10.87.0.0/24" }]];
  return {
    cniVersion: "1.0.0",
    name: "runts-pods",
    plugins: [
      {
        type: "bridge",
        bridge: "runts-cni0",
        isGateway: true,
        ipam: { type: "host-local", ranges, dataDir: `${scratch}/cni/addresses` },
      },
      // where Docker has been, nothing is forwarded that no rule allows
      { type: "firewall" },
    ],
  };
}

/** CRI's containers have what a node's configuration gives them: docs/engines.md has these lines. */
function configuration(scratch, runtime, systemd) {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${scratch}/root"
state = "${scratch}/state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = "${scratch}/socket"
[${cri}]
  sandbox_image = "${pauseImage}"
  disable_tcp_service = true
  [${cri}.cni]
    bin_dir = "${cniPlugins}"
    conf_dir = "${scratch}/cni"
  [${cri}.containerd]
    default_runtime_name = "default"
    [${cri}.containerd.runtimes.default]
      runtime_type = "io.containerd.runc.v2"
      [${cri}.containerd.runtimes.default.options]
        BinaryName = "${defaultRuntime}"
        Root = "${scratch}/default-runtime"
        SystemdCgroup = ${systemd}
    [${cri}.containerd.runtimes.runts]
      runtime_type = "io.containerd.runc.v2"
      [${cri}.containerd.runtimes.runts.options]
        BinaryName = "${runtime}"
        Root = "${scratch}/runtime"
        SystemdCgroup = ${systemd}
`;
}

/** Starts it around the executable `runtime`; call close() when done. */
export async function openContainerd(runtime, cgroupManager) {
  const systemd = cgroupManager === "systemd";
  const scratch = mkdtempSync("/run/runts-containerd-");
  // A tmpfs is quick, and can hold the upper side of an overlay wherever this runs.
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1g", "runts-containerd", scratch]);
  if (mounted.status !== 0) throw new Error(`mount tmpfs: ${mounted.stderr}`);
  for (const folder of ["bin", "cni", "runtime"]) mkdirSync(`${scratch}/${folder}`);
  symlinkSync(runtime, `${scratch}/bin/runc`);
  const config = `${scratch}/config.toml`;
  writeFileSync(config, configuration(scratch, runtime, systemd));
  writeFileSync(`${scratch}/cni/10-runts.conflist`, JSON.stringify(bridgeNetwork(scratch)));

  const ctr = (args, options) =>
    execute(
      "ctr",
      [
        "--connect-timeout",
        "90s",
        "--address",
        `${scratch}/socket`,
        "--namespace",
        namespace,
        ...split(args),
      ],
      options,
    );
  const engine = {
    runtime,
    scratch,
    socket: `${scratch}/socket`,
    pods: systemd ? podSlice : podFolder,
    ctr,
    /** `ctr run` with the runtime under test. */
    run: (args, options) => ctr(["run", ...runtimeFlags(engine), ...split(args)], options),
    /** One of the runtime's own commands on ctr's containers. */
    runts: (args) => execute(runtime, ["--root", `${scratch}/runtime/${namespace}`, ...split(args)]),
    /** ctr's command line as one string, for script(1). */
    commandLine: (args) => `ctr --address ${scratch}/socket --namespace ${namespace} ${args}`,
    /** Whatever a check that failed has left. */
    removeAll: () => removeAll(ctr),
    log: () => readFileSync(`${scratch}/log`, "utf8"),
    start: () => start(engine, config),
    /** As an update of the package does it: the shims and the containers go on. */
    async stop() {
      const { daemon } = engine;
      const ended = new Promise((resolve) => daemon.on("exit", resolve));
      daemon.kill("SIGTERM");
      await ended;
    },
    async close() {
      await engine.stop();
      killProcessesNaming(scratch);
      spawnSync("ip", ["link", "delete", "runts-cni0"]);
      spawnSync("umount", ["--lazy", "--recursive", scratch]);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
  await engine.start();
  return engine;
}

async function removeAll(ctr) {
  for (const where of [namespace, podNamespace]) {
    const listed = await ctr(["--namespace", where, "containers", "ls", "-q"]);
    for (const id of listed.lines.filter(Boolean)) {
      await ctr(["--namespace", where, "tasks", "delete", "--force", id]);
      await ctr(["--namespace", where, "containers", "delete", id]);
    }
  }
}

export function runtimeFlags({ runtime, scratch }) {
  return ["--runc-binary", runtime, "--runc-root", `${scratch}/runtime`];
}

async function start(engine, config) {
  const log = openSync(`${engine.scratch}/log`, "a");
  const env = { ...process.env, PATH: `${engine.scratch}/bin:${process.env.PATH}` };
  engine.daemon = spawn("containerd", ["--config", config], { stdio: ["ignore", log, log], env });
  for (let tries = 0; tries < 300; tries++) {
    if ((await engine.ctr("version")).code === 0) return;
    if (engine.daemon.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`containerd does not answer:\n${engine.log()}`);
}

/** `sh -c script` in the test image, with the options before it. */
export function shell(options, id, script) {
  return [...split(options), image, id, "sh", "-c", script];
}
