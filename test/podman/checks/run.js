// SPDX-License-Identifier: Apache-2.0
// What `podman run` gives its caller: output, input, exit code, terminal.

import { readdirSync, readFileSync } from "node:fs";
import { execute, image, shell } from "../podman.js";
import { expectMatch, expectResult } from "../tap.js";

export default function (registry, engine) {
  found(registry, engine);
  output(registry, engine);
  failures(registry, engine);
  terminals(registry, engine);
}

function found({ add }, { podman, named, runtime }) {
  add("info names the runtime's version", async () => {
    const version = await execute(runtime, ["--version"]);
    expectResult(version, 0);
    expectResult(await podman(["info", "--format", "{{.Host.OCIRuntime.Version}}"]), 0, version.out.trim());
  });

  add("the runtime is found by its name in containers.conf, from run to rm", async () => {
    expectResult(await named("info --format {{.Host.OCIRuntime.Name}}"), 0, "under-test");
    expectResult(await named(`run -d --name found --network none ${image} sleep 1000`), 0);
    expectResult(await named("exec found echo inside"), 0, "inside");
    expectResult(await named("inspect --format {{.OCIRuntime}} found"), 0, "under-test");
    expectResult(await named("rm -f -t 0 found"), 0);
  });
}

function output({ add }, { run }) {
  add("run --rm passes output and error on", async () => {
    const result = await run(shell("", "echo to stdout; echo to stderr >&2"));
    expectResult(result, 0, "to stdout");
    expectMatch({ ...result, out: "" }, /^to stderr$/m);
  });

  add("run -i pipes standard input in", async () => {
    expectResult(await run(`-i ${image} cat`, { input: "through the pipe\n" }), 0, "through the pipe");
  });

  add("run exits with the command's exit code", async () => {
    expectResult(await run(shell("", "exit 3")), 3, "");
  });
}

function failures({ add }, { run, podman, scratch }) {
  for (const textErrors of [false, true])
    add(
      `a report of a failing run changes nothing else (errors as ${textErrors ? "text" : "JSON"})`,
      async () => {
        const folder = `${scratch}/reports-${textErrors}`;
        const words = ["--runtime-flag", `report=${folder}`, "run", "--rm", "--network", "none"];
        const secret = ["--env", "TOKEN=not-for-the-report"];
        const result = await podman([...words, ...secret, image, "no-such-command"], { textErrors });
        expectResult(result, 127, "");
        const [name, ...more] = readdirSync(folder);
        const report = readFileSync(`${folder}/${name}`, "utf8");
        if (more.length > 0 || report.includes("not-for-the-report") || !report.includes("TOKEN=(masked)"))
          throw new Error(`${[name, ...more]}: ${report}`);
        expectMatch({ ...result, err: JSON.parse(report).message.join() }, /no-such-command.*not found/);
      },
    );

  // The same three failures, told as JSON in the runtime's log and as text on its standard error.
  for (const textErrors of [false, true]) {
    const told = textErrors ? "errors as text" : "errors as JSON";

    add(`run exits with 127 when there is no such command (${told})`, async () => {
      const result = await run(`${image} no-such-command`, { textErrors });
      expectResult(result, 127, "");
      expectMatch(result, /no-such-command/);
      expectMatch(result, /not found/);
    });

    add(`run exits with 126 when the command is not executable (${told})`, async () => {
      const result = await run(`${image} /etc/passwd`, { textErrors });
      expectResult(result, 126, "");
      expectMatch(result, /permission denied/i);
    });

    add(`run exits with 125 or 126 when the runtime refuses, and says why (${told})`, async () => {
      const result = await run(`--sysctl kernel.shm_rmid_forced=many ${image} true`, { textErrors });
      if (result.code !== 126) expectResult(result, 125, "");
      expectMatch(result, /shm_rmid_forced/);
      expectMatch(result, /invalid argument|EINVAL/i);
    });
  }
}

function terminals({ add }, { commandLine }) {
  add("run -t gives the command a terminal", async () => {
    const line = commandLine(["run", "--rm", "--network", "none", "-t", image, "tty"]);
    const result = await execute("script", ["-qec", line, "/dev/null"]);
    expectResult(result, 0, "/dev/pts/0");
  });

  add("run -it passes what is typed to the command", async () => {
    const line = commandLine(["run", "--rm", "--network", "none", "-it", image, "head", "-n", "1"]);
    const result = await execute("script", ["-qec", line, "/dev/null"], { input: "typed\n" });
    expectResult(result, 0);
    expectMatch(result, /typed/);
  });
}
