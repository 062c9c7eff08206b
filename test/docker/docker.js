// SPDX-License-Identifier: Apache-2.0
// A Docker of our own: data, state, configuration and containerd in one scratch folder, and the runtime under test as
// its default runtime. docs/engines.md has the lines for a machine's own daemon.json.

import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename } from "node:path";
import { execute, split } from "../podman/podman.js";
import { killProcessesNaming, until } from "../podman/traces.js";

export const image = "busybox";
export const pythonImage = "debian-python3";

// Debian's programs, also where others lie in /usr/local.
const path = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Docker keeps the name runc for the one that it finds itself. */
function nameOf(runtime) {
  const name = basename(runtime);
  return name === "runc" ? "other-runc" : name;
}

/** A cgroup of its own below the mount of cgroup2. */
export function cgroupParent(scratch, cgroupDriver) {
  const name = basename(scratch).replaceAll("-", "_");
  return cgroupDriver === "systemd" ? `${name}.slice` : `/${name}`;
}

function configuration(scratch, runtime, cgroupDriver) {
  return {
    runtimes: { [nameOf(runtime)]: { path: runtime } },
    "default-runtime": nameOf(runtime),
    "exec-opts": [`native.cgroupdriver=${cgroupDriver}`],
    "cgroup-parent": cgroupParent(scratch, cgroupDriver),
    "data-root": `${scratch}/data`,
    "exec-root": `${scratch}/exec`,
    pidfile: `${scratch}/pid`,
    hosts: [`unix://${scratch}/socket`],
    "storage-driver": "overlay2",
  };
}

/** Starts it around the executable `runtime`; call close() when done. */
export async function openDocker(runtime, cgroupDriver) {
  // Two would set up the same bridge and the same rules of the firewall.
  if (existsSync("/run/docker.pid"))
    throw new Error("this machine runs a Docker of its own; RUNTS_VM=always checks in a virtual machine");
  const scratch = mkdtempSync("/run/runts-docker-");
  // A tmpfs is quick, and can hold the upper side of an overlay wherever this runs.
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2g", "runts-docker", scratch]);
  if (mounted.status !== 0) throw new Error(`mount tmpfs: ${mounted.stderr}`);
  mkdirSync(`${scratch}/client`);
  writeFileSync(
    `${scratch}/daemon.json`,
    JSON.stringify(configuration(scratch, runtime, cgroupDriver), null, 2),
  );

  const env = {
    ...process.env,
    PATH: path,
    DOCKER_HOST: `unix://${scratch}/socket`,
    DOCKER_CONFIG: `${scratch}/client`,
    DOCKER_BUILDKIT: "0",
  };
  const docker = (args, { input } = {}) => execute("docker", split(args), { input, env });
  const engine = {
    runtime,
    runtimeName: nameOf(runtime),
    cgroupDriver,
    scratch,
    env,
    docker,
    /** `docker run --rm` without network, which is the quickest. */
    run: (args, options) => docker(["run", "--rm", "--network", "none", ...split(args)], options),
    /** A command line under a terminal; what it showed is the output. */
    onTerminal: (line, options) => execute("script", ["-qec", line, "/dev/null"], { ...options, env }),
    watchEvents: (name) => watchEvents(name, env),
    log: () => readFileSync(`${scratch}/log`, "utf8"),
    removeAll: () => removeAll(docker),
    close: () => close(engine),
  };
  try {
    await start(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

/** dockerd gives its containerd 15 seconds, which a slow machine may need for reading the program. */
async function start(engine) {
  for (let tries = 1; !(await startOnce(engine)); tries++) {
    if (tries === 5 || !/timeout waiting for containerd/.test(engine.log()))
      throw new Error(`dockerd has ended:\n${engine.log()}`);
    killProcessesNaming(engine.scratch);
    rmSync(`${engine.scratch}/pid`, { force: true });
  }
}

/** Whether it answers; false when it has ended. */
async function startOnce(engine) {
  const log = openSync(`${engine.scratch}/log`, "a");
  const stdio = ["ignore", log, log];
  engine.daemon = spawn("dockerd", ["--config-file", `${engine.scratch}/daemon.json`], {
    stdio,
    env: engine.env,
  });
  const isUp = async () => engine.daemon.exitCode !== null || (await engine.docker("version")).code === 0;
  await until(isUp, "dockerd answers", 300);
  return engine.daemon.exitCode === null;
}

/** `docker events` of a container from now on; the daemon itself remembers only the last few. */
function watchEvents(name, env) {
  const since = `${Math.floor(Date.now() / 1000)}`;
  const filters = ["--filter", "type=container", "--filter", `container=${name}`];
  const args = ["events", "--since", since, ...filters, "--format", "{{.Action}}"];
  const child = spawn("docker", args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    out += chunk;
  });
  return { out: () => out, stop: () => child.kill() };
}

/** Whatever a check that failed has left. */
async function removeAll(docker) {
  await docker("swarm leave --force");
  const { lines } = await docker("ps -a -q");
  for (const id of lines.filter(Boolean)) await docker(["rm", "-f", "-v", id]);
}

async function close(engine) {
  await removeAll(engine.docker);
  if (engine.daemon.exitCode === null) {
    const ended = new Promise((resolve) => engine.daemon.on("exit", resolve));
    engine.daemon.kill("SIGTERM");
    await ended;
  }
  killProcessesNaming(engine.scratch);
  removeCgroup(engine);
  spawnSync("umount", ["--lazy", "--recursive", engine.scratch]);
  rmSync(engine.scratch, { recursive: true, force: true });
}

/** The parent, which is empty unless a check has failed. A slice goes by itself. */
function removeCgroup({ scratch, cgroupDriver }) {
  if (cgroupDriver !== "cgroupfs") return;
  try {
    rmdirSync(`/sys/fs/cgroup${cgroupParent(scratch, cgroupDriver)}`);
  } catch {
    // never made, or not empty
  }
}

/** `sh -c script` in the test image, with the options before it. */
export function shell(options, script) {
  return [...split(options), image, "sh", "-c", script];
}
