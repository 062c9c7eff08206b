// SPDX-License-Identifier: Apache-2.0
// A container as a service of Type=notify, as units of `podman generate systemd` have it, with systemd itself at the
// other end of NOTIFY_SOCKET.

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { background, quietly } from "../background.js";
import { execute } from "../podman.js";
import { expectResult, Skip } from "../tap.js";
import { until } from "../traces.js";
import { root } from "./system-container.js";

async function shown(unit, property) {
  return (await execute("systemctl", ["show", "--property", property, "--value", unit])).out.trim();
}

export default function ({ add }, { podman, commandLine, scratch }) {
  const { inspect } = background(podman);

  /** Its program says READY=1 when the file `go` is there. */
  async function startService(mode) {
    const talk = `${scratch}/volume/talk-${mode}`;
    mkdirSync(talk);
    chmodSync(talk, 0o777);
    const script = "echo started > /talk/here; until [ -e /talk/go ]; do sleep 0.2; done";
    writeFileSync(`${talk}/script`, `${script}; systemd-notify --ready; exec sleep 1000\n`);
    const name = `notify-${mode}`;
    const options = ["-d", `--sdnotify=${mode}`, ...quietly(name), "-v", `${talk}:/talk`];
    const line = commandLine(["run", ...options, "--rootfs", `${root}:O`, "sh", "/talk/script"].join(" "));
    const unit = `runts-${name}.service`;
    const properties = ["--property=Type=notify", "--property=NotifyAccess=all"];
    const words = ["--no-block", `--unit=${unit}`, ...properties, "sh", "-c", line];
    expectResult(await execute("systemd-run", words), 0);
    await until(() => existsSync(`${talk}/here`), `${name} runs`);
    return { name, unit, makeReady: () => writeFileSync(`${talk}/go`, "") };
  }

  async function expectEnd({ name, unit }) {
    const pid = await shown(unit, "MainPID");
    assert.equal(pid, await inspect(name, "{{.State.ConmonPid}}"));
    assert.equal(readFileSync(`/proc/${pid}/comm`, "utf8").trim(), "conmon");
    expectResult(await podman(`stop -t 0 ${name}`), 0);
    await until(async () => ["inactive", "failed"].includes(await shown(unit, "ActiveState")), "its end");
    expectResult(await podman(`rm -f -t 0 ${name}`), 0);
    await execute("systemctl", ["reset-failed", unit]);
  }

  const needRoot = () => {
    if (!existsSync(`${root}.stamp`)) throw new Skip("no root with systemd (scripts/vm/systemd-root.sh)");
  };
  add("--sdnotify=container: the service is active when the container's program says so", async () => {
    needRoot();
    const service = await startService("container");
    assert.equal(await shown(service.unit, "ActiveState"), "activating");
    service.makeReady();
    await until(async () => (await shown(service.unit, "ActiveState")) === "active", "active");
    await expectEnd(service);
  });
  add("--sdnotify=conmon: it is active when the container runs", async () => {
    needRoot();
    const service = await startService("conmon");
    await until(async () => (await shown(service.unit, "ActiveState")) === "active", "active");
    await expectEnd(service);
  });
}
