// SPDX-License-Identifier: Apache-2.0
// Podman with storage, state and configuration of its own in one scratch folder, and the runtime under test.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const commandTimeout = 300_000;

/**
 * Runs a program to its end; never rejects: what came out is the caller's to judge. `dialogue` are pairs of what must
 * have come out and what is then written to it; `onStart` gets the child.
 */
export function execute(file, args, { input, dialogue = [], env = process.env, onStart = () => {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, timeout: commandTimeout, killSignal: "SIGKILL" });
    const result = { command: [file, ...args].join(" "), code: -1, out: "", err: "" };
    const left = [...dialogue];
    child.stdout.on("data", (chunk) => {
      result.out += chunk;
      while (left[0] && result.out.includes(left[0][0])) type(child, left.shift()[1]);
    });
    child.stderr.on("data", (chunk) => {
      result.err += chunk;
    });
    child.on("error", (error) => {
      result.err += error.message;
    });
    child.on("close", (code, signal) => {
      result.code = code ?? -1;
      if (signal) result.err += `(killed by ${signal})`;
      resolve({ ...result, lines: result.out.trimEnd().split("\n") });
    });
    // A program that does not read its input closes the pipe; its exit code says enough.
    child.stdin.on("error", () => {});
    if (dialogue.length === 0) child.stdin.end(input ?? "");
    else if (input) child.stdin.write(input);
    onStart(child);
  });
}

/** Key by key, as people do: Podman knows the keys that detach only so. */
function type(child, keys) {
  for (const [index, key] of [...keys].entries()) setTimeout(() => child.stdin.write(key), 100 * index);
}

function containersConf(cgroupManager, names, jsonErrors, more = "") {
  return `[engine]
cgroup_manager = "${cgroupManager}"
events_logger = "file"
lock_type = "file"
runtime_supports_json = ${JSON.stringify(jsonErrors)}
runtime_supports_nocgroup = ${JSON.stringify(names)}
${more}${process.env.PODMAN_CONF ?? ""}
`;
}

/** One for each way in which Podman may learn of the runtime and of its errors. */
function writeConfigurations(scratch, runtime, cgroupManager) {
  const write = (name, ...lists) =>
    writeFileSync(`${scratch}/${name}.conf`, containersConf(cgroupManager, [basename(runtime)], ...lists));
  // Podman reads errors as JSON from the runtimes it has on a list, and from conmon as text from the others.
  write("json-errors", [basename(runtime)]);
  write("text-errors", []);
  // the lines of docs/engines.md
  write("named", ["under-test"], `runtime = "under-test"\n[engine.runtimes]\nunder-test = ["${runtime}"]\n`);
}

/** How root calls Podman. */
const asRoot = { through: [], env: process.env, driver: "overlay" };

/**
 * A Podman of its own around the executable `runtime`; call close() when done. `caller`: by which program and in which
 * environment it is called, and over which kind of storage.
 */
export function openPodman(runtime, cgroupManager, caller = asRoot) {
  const scratch = mkdtempSync("/run/runts-podman-");
  // A tmpfs is quick, and can hold the upper side of an overlay wherever this runs.
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1g", "runts-podman", scratch]);
  if (mounted.status !== 0) throw new Error(`mount tmpfs: ${mounted.stderr}`);
  for (const folder of ["storage", "run", "tmp", "networks", "volume"]) mkdirSync(`${scratch}/${folder}`);
  // Podman 4.3.1 gives storage/vfs (0700) to root of the container it makes, and each other Podman, such as the one
  // that conmon starts after a container, takes it back: then that root no longer reaches its rootfs.
  if (caller.driver === "vfs") mkdirSync(`${scratch}/storage/vfs/dir`, { recursive: true, mode: 0o711 });
  writeConfigurations(scratch, runtime, cgroupManager);
  if (caller.uid !== undefined) spawnSync("chown", ["-R", `${caller.uid}:${caller.uid}`, scratch]);

  const folders = `--root ${scratch}/storage --runroot ${scratch}/run --tmpdir ${scratch}/tmp
    --network-config-dir ${scratch}/networks --storage-driver ${caller.driver}`.split(/\s+/);
  const globals = [...folders, "--runtime", runtime];
  const call = ([file, ...args], conf, options) =>
    execute(file, args, { ...options, env: { ...caller.env, CONTAINERS_CONF: `${scratch}/${conf}.conf` } });
  const podman = (args, { textErrors = false, ...options } = {}) =>
    call(
      [...caller.through, "podman", ...globals, ...split(args)],
      textErrors ? "text-errors" : "json-errors",
      options,
    );
  return {
    runtime,
    // where it puts its containers' cgroups
    cgroups:
      caller.cgroups ?? `/sys/fs/cgroup/${cgroupManager === "systemd" ? "machine.slice" : "libpod_parent"}`,
    scratch,
    user: caller.uid,
    podman,
    /** Containers of the runtime itself. */
    list: () => call([...caller.through, runtime, "list", "-q"]),
    /** Podman that knows the runtime by a name of containers.conf. */
    named: (args) => call([...caller.through, "podman", ...folders, ...split(args)], "named"),
    /** `podman run --rm` without network, which is the quickest. */
    run: (args, options) => podman(["run", "--rm", "--network", "none", ...split(args)], options),
    /** The command line as one string, for programs that start it themselves. */
    commandLine: (args) =>
      `env CONTAINERS_CONF=${scratch}/json-errors.conf podman ${[...globals, ...split(args)].join(" ")}`,
    close() {
      spawnSync("umount", ["--lazy", "--recursive", scratch]);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Arguments are written as in a shell without quotes; an array stands for itself. */
export function split(args) {
  return typeof args === "string" ? args.split(/\s+/).filter(Boolean) : args;
}

export const image = "localhost/busybox";

/** `sh -c script` in the test image, with the options before it. */
export function shell(options, script) {
  return [...split(options), image, "sh", "-c", script];
}
