// SPDX-License-Identifier: Apache-2.0
// Containers that are written to files and come back, by criu(8). Each of its runs takes seconds, in a virtual machine
// ten times that, so few containers go through much.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { background, quietly } from "../background.js";
import { counter, goesOn, withCriu } from "../criu.js";
import { execute, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

const lockSource = fileURLToPath(new URL("../../vm/lock.c", import.meta.url));

export default function ({ add }, engine) {
  migration(withCriu(add), engine);
  connections(withCriu(add), engine);
  terminals(withCriu(add, "mem_dirty_track"), engine);
}

function migration(add, { podman, scratch }) {
  const { start, inspect } = background(podman);
  const states = (name) => inspect(name, "{{.State.Status}} {{.State.Checkpointed}} {{.State.Restored}}");
  const printed = async () => (await podman("logs saved")).out;
  /** What criu has measured, as --print-stats shows it. */
  const statistics = (result) => {
    expectResult(result, 0);
    return JSON.parse(result.out).container_statistics[0].criu_statistics;
  };

  add(
    "container checkpoint and restore; --export, --leave-running, --import under another name",
    async () => {
      expectResult(await start("saved", `echo kept > /dev/shm/file; ${counter}`, "--memory 64m"), 0);
      const before = await goesOn(printed, 0);
      const dumped = statistics(await podman("container checkpoint --print-stats saved"));
      assert.ok(dumped.pages_written > 0, JSON.stringify(dumped));
      assert.equal(await states("saved"), "exited true false");
      const restored = statistics(await podman("container restore --keep --print-stats saved"));
      assert.ok(restored.pages_restored > 0, JSON.stringify(restored));
      assert.equal(await states("saved"), "running false true");
      await goesOn(printed, before);
      const inside = "cat /dev/shm/file /sys/fs/cgroup/memory.max; touch /written";
      expectResult(await podman(["exec", "saved", "sh", "-c", inside]), 0, "kept\n67108864");

      const archive = `${scratch}/volume/saved.tar.gz`;
      expectResult(
        await podman(`container checkpoint --leave-running --compress gzip --export ${archive} saved`),
        0,
      );
      assert.equal(await inspect("saved", "{{.State.Status}}"), "running");
      expectResult(await podman(`container restore --import ${archive} --name moved`), 0);
      const [last] = (await podman("logs --tail 1 moved")).lines;
      assert.ok(Number(last) > before, `moved goes on with ${last}`);
      expectResult(
        await podman(["exec", "moved", "sh", "-c", "ls /written; cat /dev/shm/file"]),
        0,
        "/written\nkept",
      );
      expectResult(await podman("rm -f -t 0 saved moved"), 0);
    },
  );
}

/** A connection of ours to a container that says everything once more. */
async function talkTo(host, port) {
  const socket = connect(port, host);
  socket.on("error", () => {}); // what is said then does not come back
  await once(socket, "connect");
  return {
    async echo(text) {
      socket.write(`${text}\n`);
      const [data] = await once(socket, "data", { signal: AbortSignal.timeout(60_000) });
      assert.equal(`${data}`, `${text}\n`);
    },
    close: () => socket.destroy(),
  };
}

function connections(add, { podman, scratch }) {
  const { inspect } = background(podman);

  add("--tcp-established, --file-locks; without them criu's words; a published port comes back", async () => {
    const lock = `${scratch}/volume/lock`;
    const compiled = await execute("cc", ["-static", "-O1", "-o", lock, lockSource]);
    expectResult(compiled, 0);
    const serve = `mkdir /www; echo page > /www/index.html; nc -l -p 7 -e cat &
        exec lock /www/index.html httpd -f -h /www`;
    expectResult(await podman("network create --disable-dns --subnet 10.189.78.0/24 saving"), 0);
    const options = `-d --name serving-saved --network saving -p 127.0.0.1:18978:80 -v ${lock}:/bin/lock:ro`;
    expectResult(await podman(["run", ...shell(options, serve)]), 0);
    const page = async () => (await fetch("http://127.0.0.1:18978/")).text();
    assert.equal(await page(), "page\n");
    const address = await inspect("serving-saved", "{{.NetworkSettings.Networks.saving.IPAddress}}");
    const connection = await talkTo(address, 7);
    try {
      await connection.echo("before");
      const refused = await podman("container checkpoint serving-saved");
      expectResult(refused, 125);
      expectMatch(refused, /runts: criu: .*--tcp-established/);
      await connection.echo("after what criu refused");
      expectResult(await podman("container checkpoint --tcp-established --file-locks serving-saved"), 0);
      expectResult(await podman("container restore --tcp-established --file-locks serving-saved"), 0);
      await connection.echo("restored");
      assert.equal(await page(), "page\n");
      expectResult(await podman("exec serving-saved lock /www/index.html true"), 9);
    } finally {
      connection.close();
    }
    expectResult(await podman("rm -f -t 0 serving-saved"), 0);
    expectResult(await podman("network rm saving"), 0);
  });
}

function terminals(add, { podman, commandLine }) {
  const { printed } = background(podman);

  add("--pre-checkpoint, --with-previous; a terminal comes back, and is attached to", async () => {
    const script = "n=0; echo ready; while read line; do n=$((n+1)); echo got $line, $n, in $(tty); done";
    expectResult(await podman(["run", "-d", "-it", ...quietly("saved-tty"), ...shell("", script)]), 0);
    await printed("saved-tty", "ready");
    const typed = (text, answer) =>
      execute("script", ["-qec", commandLine(["attach", "saved-tty"]), "/dev/null"], {
        input: `${text}\n`,
        dialogue: [[answer, "\x10\x11"]],
      });
    expectResult(await podman("container checkpoint --pre-checkpoint saved-tty"), 0);
    expectResult(await typed("one", "got one, 1, in /dev/pts/0"), 0);
    expectResult(await podman("container checkpoint --with-previous saved-tty"), 0);
    expectResult(await podman("container restore saved-tty"), 0);
    expectResult(await typed("two", "got two, 2, in /dev/pts/0"), 0);
    expectResult(await podman("rm -f -t 0 saved-tty"), 0);
  });
}
