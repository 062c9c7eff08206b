// SPDX-License-Identifier: Apache-2.0
// What Podman tells of containers that run: logs, processes, figures, events; and where it holds them.

import assert from "node:assert/strict";
import { background, quietly } from "../background.js";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

export default function (registry, engine) {
  output(registry, engine);
  figures(registry, engine);
  life(registry, engine);
}

function output({ add }, { podman }) {
  const { start } = background(podman);

  add("logs -f follows to the end, and tells output from error", async () => {
    const script = "for i in 1 2 3; do echo line $i; echo error $i >&2; sleep 1; done";
    expectResult(await start("talking", script), 0);
    const followed = await podman("logs -f talking");
    expectResult(followed, 0, "line 1\nline 2\nline 3");
    expectMatch({ ...followed, out: "" }, /error 1\nerror 2\nerror 3/);
    expectResult(await podman("logs --tail 1 talking"), 0);
    expectResult(await podman("rm -f -t 0 talking"), 0);
  });
}

function figures({ add }, { podman }) {
  const { start, inspect, printed } = background(podman);

  add("top names the processes, stats has their figures, and pause stops them", async () => {
    const script = `sleep 1000 & held=$(head -c 10000000 /dev/zero | tr '\\0' x)
      echo busy; while :; do :; done`;
    expectResult(await start("busy", script, "--memory 64m --pids-limit 50 --user 7"), 0);
    await printed("busy", "busy");
    const top = await podman("top busy pid user hpid args seccomp capeff");
    expectResult(top, 0);
    expectMatch(top, /^\d+ +7 +\d+ +sleep 1000 +filter +none/m);
    const fields = ["PIDs", "MemUsage", "CPU", "MemLimit"].map((field) => `{{.${field}}}`).join(" ");
    const stats = await podman(["stats", "--no-stream", "--no-reset", "--format", fields, "busy"]);
    expectResult(stats, 0);
    const [, pids, memory, cpu] = /^(\d+) ([\d.]+)MB \/ 67.11MB ([\d.]+)/.exec(stats.out) ?? [];
    assert.ok(Number(pids) === 2, stats.out);
    assert.ok(Number(memory) > 10 && Number(memory) < 50, stats.out);
    assert.ok(Number(cpu) > 1, stats.out);

    expectResult(await podman("pause busy"), 0);
    assert.equal(await inspect("busy", "{{.State.Status}}"), "paused");
    assert.notEqual((await podman("exec busy true")).code, 0);
    expectResult(await podman("unpause busy"), 0);
    expectResult(await podman("exec busy true"), 0);
    expectResult(await podman("pause busy"), 0);
    expectResult(await podman("rm -f -t 0 busy"), 0);
  });

  add("update changes the limits of a container that runs", async () => {
    expectResult(await start("grown", "exec sleep 1000", "--memory 64m"), 0);
    expectResult(await podman("update --memory 96m --cpus 0.25 --cpu-shares 2048 grown"), 0);
    const files = "memory.max cpu.max cpu.weight";
    const limits = await podman(["exec", "grown", "sh", "-c", `cd /sys/fs/cgroup && cat ${files}`]);
    expectResult(limits, 0);
    // as with run, by a line or by a curve
    expectMatch(limits, /^100663296\n25000 100000\n(79|174)$/m);
    expectResult(await podman("rm -f -t 0 grown"), 0);
  });
}

function life({ add }, { podman }) {
  const { start, inspect } = background(podman);

  add("events tell a container's life from create to remove", async () => {
    expectResult(await podman(["run", "--rm", ...quietly("told"), ...shell("", "exit 3")]), 3);
    const asked = [
      "--stream=false",
      "--filter",
      "container=told",
      "--format",
      "{{.Status}} {{.ContainerExitCode}}",
    ];
    const events = await podman(["events", ...asked]);
    expectResult(events, 0);
    const words = events.lines.map((line) => line.trim());
    for (const word of ["create", "init", "start", "attach", "died", "remove"])
      assert.ok(
        words.some((line) => line.startsWith(word)),
        `${word} is missing:\n${events.out}`,
      );
    assert.ok(words.includes("died 3"), events.out);
  });

  add("wait --condition, rename, port, mount and inspect while it runs", async () => {
    expectResult(await start("renamed", "exec sleep 1000"), 0);
    expectResult(await podman("wait --condition running renamed"), 0, "-1");
    expectResult(await podman("rename renamed other"), 0);
    const merged = await podman("mount other");
    expectMatch(merged, /^\/\S+\/merged$/m);
    const [runtime, path] = (await inspect("other", "{{.OCIRuntime}} {{.OCIConfigPath}}")).split(" ");
    assert.ok(runtime.length > 0 && path.endsWith("config.json"), `${runtime} ${path}`);
    expectResult(await podman("umount other"), 0);
    expectResult(await podman("rm -f -t 0 other"), 0);
    assert.notEqual((await podman("inspect other")).code, 0);
    expectResult(await podman(`run --rm --network none ${image} true`), 0);
  });
}
