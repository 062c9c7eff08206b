// SPDX-License-Identifier: Apache-2.0
// What is different for an ordinary user: ids, networks, limits, storage.

import assert from "node:assert/strict";
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { background, quietly } from "../background.js";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult, Skip } from "../tap.js";

const maps = "tr -s ' ' < /proc/self/uid_map | head -n 1";

export default function (registry, engine) {
  ids(registry, engine);
  resources(registry, engine);
  surroundings(registry, engine);
}

function ids({ add }, { podman, run, scratch, user }) {
  const { start } = background(podman);

  add("root of the container is the user, other ids are of the user's range", async () => {
    const path = `${scratch}/volume/own`;
    mkdirSync(path);
    chownSync(path, user, user);
    const script = `${maps}; id -u; touch /own/root; chmod 777 /own`;
    expectResult(await run(shell(`-v ${path}:/own`, script)), 0, `0 ${user} 1\n0`);
    expectResult(await run(shell(`-v ${path}:/own --user 7:8`, "touch /own/seven; id -u; id -g")), 0, "7\n8");
    assert.equal(statSync(`${path}/root`).uid, user);
    const first = Number(/^[^:]+:(\d+):/m.exec(readFileSync("/etc/subuid", "utf8"))?.[1]);
    assert.ok(statSync(`${path}/seven`).uid >= first, `${statSync(`${path}/seven`).uid}`);
  });

  add(
    "--userns=keep-id is the user itself, --userns=auto and --uidmap are ranges, exec goes into each",
    async () => {
      const path = `${scratch}/volume/kept`;
      mkdirSync(path);
      chownSync(path, user, user);
      const kept = await run(shell(`--userns=keep-id -v ${path}:/kept`, "id -u; touch /kept/file"));
      expectResult(kept, 0, `${user}`);
      assert.equal(statSync(`${path}/file`).uid, user);
      for (const [name, option] of [
        ["keeping", "--userns=keep-id"],
        ["given", "--userns=auto:size=500"],
        ["mapping", "--uidmap 0:1:500 --gidmap 0:1:500"],
      ]) {
        expectResult(await start(name, "exec sleep 1000", option), 0);
        expectResult(await podman(["exec", "-u", "0", name, "sh", "-c", "id -u"]), 0, "0");
        expectResult(await podman(`rm -f -t 0 ${name}`), 0);
      }
    },
  );

  add("--group-add keep-groups, --privileged, --read-only, no-new-privileges", async () => {
    const privileged = await run(shell("--privileged", "grep CapEff /proc/self/status; test -c /dev/null"));
    expectResult(privileged, 0);
    expectMatch(privileged, /ffffffffff$/m);
    const groups = await run(shell("--group-add keep-groups", "id -u"));
    expectResult(groups, 0, "0");
    const options = "--read-only --security-opt no-new-privileges --cap-drop all --tmpfs /scratch --init";
    const script = "touch /scratch/file; grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status; touch /file";
    const closed = await run(shell(options, script));
    expectResult(closed, 1);
    expectMatch(closed, /CapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n/);
  });
}

function resources({ add }, { podman, cgroups }) {
  const { start, inspect } = background(podman);

  add("limits are those of a scope of the user's manager; pause, stats, update", async () => {
    expectResult(await start("limited", "exec sleep 1000", "--memory 64m --pids-limit 33"), 0);
    const files = "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max";
    expectResult(await podman(["exec", "limited", "sh", "-c", files]), 0, "67108864\n33");
    const scope = `${cgroups}/libpod-${await inspect("limited", "{{.Id}}")}.scope`;
    assert.ok(existsSync(scope), scope);
    expectResult(await podman("pause limited"), 0);
    assert.match(readFileSync(`${scope}/cgroup.events`, "utf8"), /frozen 1/);
    expectResult(await podman("unpause limited"), 0);
    const stats = await podman(["stats", "--no-stream", "--format", "{{.PIDs}} {{.MemLimit}}", "limited"]);
    expectResult(stats, 0, "1 67.11MB");
    expectResult(await podman("update --memory 96m limited"), 0);
    expectResult(await podman("exec limited cat /sys/fs/cgroup/memory.max"), 0, "100663296");
    expectResult(await podman("rm -f -t 0 limited"), 0);
    assert.ok(!existsSync(scope), `${scope} is still there`);
  });
}

function surroundings({ add }, { podman, run, scratch }) {
  const { start, printed } = background(podman);

  add("networks: the host's, none, and slirp4netns", async () => {
    expectResult(await run(shell("", "ls /sys/class/net")), 0, "lo");
    expectResult(await podman(`run --rm --network host ${image} id -u`), 0, "0");
    if (!existsSync("/usr/bin/slirp4netns")) throw new Skip("slirp4netns is not installed");
    if (!existsSync("/dev/net/tun")) throw new Skip("this kernel has no /dev/net/tun");
    const slirp = await podman(`run --rm --network slirp4netns ${image} ip -o -4 addr show tap0`);
    expectMatch(slirp, /inet 10\.0\.2\.100\/24/);
  });

  add("cp, logs, attach, build, and a pod", async () => {
    writeFileSync(`${scratch}/volume/carried`, "carried in\n");
    expectResult(await start("busy", "echo ready; exec sleep 1000"), 0);
    await printed("busy", "ready");
    expectResult(await podman(`cp ${scratch}/volume/carried busy:/carried`), 0);
    expectResult(await podman("exec busy cat /carried"), 0, "carried in");
    expectResult(await podman("rm -f -t 0 busy"), 0);
    const containerfile = `FROM ${image}\nRUN id -u > /built\nCMD ["cat", "/built"]\n`;
    expectResult(
      await podman(["build", "-q", "--network", "none", "-t", "built", "-"], { input: containerfile }),
      0,
    );
    expectResult(await run("localhost/built"), 0, "0");
    expectResult(await podman(["create", "-i", ...quietly("later"), image, "cat"]), 0);
    expectResult(await podman("start -a -i later", { input: "carried\n" }), 0, "carried");
    expectResult(await podman("rm later"), 0);
  });

  add("a pod shares its names and its processes", async () => {
    expectResult(
      await podman("pod create --name grouped --share net,uts,ipc,pid --hostname grouped --network none"),
      0,
    );
    expectResult(
      await podman(["run", "--rm", ...shell("--pod grouped", "hostname; cat /proc/1/comm")]),
      0,
      "grouped\ncatatonit",
    );
    expectResult(await podman("pod rm -f -t 0 grouped"), 0);
  });
}
