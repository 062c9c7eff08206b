// SPDX-License-Identifier: Apache-2.0
// Podman with storage, state and configuration of its own in one scratch folder, and the runtime under test.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const commandTimeout = 120_000;

/** Runs a program to its end; never rejects: what came out is the caller's to judge. */
export function execute(file, args, { input = "", env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, timeout: commandTimeout, killSignal: "SIGKILL" });
    const result = { command: [file, ...args].join(" "), code: -1, out: "", err: "" };
    child.stdout.on("data", (chunk) => {
      result.out += chunk;
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
    child.stdin.end(input);
  });
}

function containersConf(cgroupManager, jsonErrors) {
  return `[engine]
cgroup_manager = "${cgroupManager}"
events_logger = "file"
lock_type = "file"
runtime_supports_json = ${JSON.stringify(jsonErrors)}
`;
}

/** A Podman of its own around the executable `runtime`; call close() when done. */
export function openPodman(runtime, cgroupManager) {
  const scratch = mkdtempSync("/run/runts-podman-");
  // A tmpfs is quick, and can hold the upper side of an overlay wherever this runs.
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1g", "runts-podman", scratch]);
  if (mounted.status !== 0) throw new Error(`mount tmpfs: ${mounted.stderr}`);
  for (const folder of ["storage", "run", "tmp", "networks", "volume"]) mkdirSync(`${scratch}/${folder}`);
  // Podman reads errors as JSON from the runtimes it has on a list, and from conmon as text from the others.
  writeFileSync(`${scratch}/json-errors.conf`, containersConf(cgroupManager, [basename(runtime)]));
  writeFileSync(`${scratch}/text-errors.conf`, containersConf(cgroupManager, []));

  const globals = `--root ${scratch}/storage --runroot ${scratch}/run --tmpdir ${scratch}/tmp
    --network-config-dir ${scratch}/networks --storage-driver overlay --runtime ${runtime}`.split(/\s+/);
  const podman = (args, { input, textErrors = false } = {}) =>
    execute("podman", [...globals, ...split(args)], { input, env: environment(textErrors) });
  const environment = (textErrors) => ({
    ...process.env,
    CONTAINERS_CONF: `${scratch}/${textErrors ? "text" : "json"}-errors.conf`,
  });
  return {
    runtime,
    // where it puts its containers' cgroups
    cgroups: `/sys/fs/cgroup/${cgroupManager === "systemd" ? "machine.slice" : "libpod_parent"}`,
    scratch,
    podman,
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
function split(args) {
  return typeof args === "string" ? args.split(/\s+/) : args;
}

export const image = "localhost/busybox";

/** `sh -c script` in the test image, with the options before it. */
export function shell(options, script) {
  return [...split(options).filter(Boolean), image, "sh", "-c", script];
}
