// SPDX-License-Identifier: Apache-2.0

// What a failing command leaves for a bug report, where somebody wants one, and what it leaves out of it.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, makeBundle, shell } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, Runtime } from "./runtime.ts";
import { newId, newPath } from "./scratch.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

interface Report {
  readonly message: readonly string[];
  readonly story: readonly string[];
  readonly command: readonly string[];
  readonly error: { readonly code: string };
  readonly doctor: readonly { readonly name: string; readonly group: string }[];
  readonly warnings: readonly string[];
  readonly config: { readonly process: { readonly args: readonly string[] } };
  readonly process?: unknown;
  readonly plan: { readonly processes: { readonly init: readonly { readonly op: string }[] } };
  readonly outcome: { readonly syscall: string };
  readonly trace: readonly { readonly name: string; readonly args: object }[];
}

/** The only report of a folder, and its text. */
function read(folder: string): { report: Report; text: string; name: string } {
  const [name = "", ...more] = readdirSync(folder);
  assert.equal(more, []);
  const text = readFileSync(join(folder, name), "utf8");
  return { report: JSON.parse(text), text, name };
}

const secret = "s3cret-of-the-test";
const withSecrets: Change = (config) => {
  config.process.env.push(`DB_PASSWORD=${secret}`);
  config.annotations = { "com.example.token": secret };
};
const missing: Change = ({ process }) => {
  process.args = ["/no/such/program", `--password=${secret}`];
};
const failingHook: Change = (config) => {
  const script = "echo refused by $KEY >&2; exit 3";
  config.hooks = { createRuntime: [{ path: "/bin/sh", args: ["sh", "-c", script], env: [`KEY=${secret}`] }] };
};

for (const host of hosts) {
  const runtime = new Runtime(host);
  const tell = (name: string, body: () => void) => test(`${host.name}: ${name}`, body);

  tell("a failing run leaves one file, for its owner alone, and says where", () => {
    const folder = newPath("reports");
    const bundle = makeBundle(combine(missing, withSecrets));
    const { status, err } = runtime.call(["run", "--report", folder, "--bundle", bundle, newId()]);
    assert.is(status, 1);
    const { report, text, name } = read(folder);
    assert.is(
      err,
      `runts: exec: "/no/such/program": stat /no/such/program: no such file or directory: /no does not exist in the rootfs\nrunts: report: ${folder}/${name}\n`,
    );
    assert.is(statSync(folder).mode & 0o777, 0o700);
    assert.is(statSync(join(folder, name)).mode & 0o777, 0o600);
    assert.match(report.message.join(), /no such file or directory: \/no does not exist in the rootfs/);
    assert.match(
      report.story.join("\n"),
      /step {4}init: findExecutable: stat: ENOENT\n[\s\S]*try {5}correct the path/,
    );
    assert.is(report.error.code, "executable");
    assert.equal(report.config.process.args, ["/no/such/program", "--password=(masked)"]);
    assert.ok(report.doctor.some(({ group }) => group === "kernel"));
    assert.ok(report.doctor.some((check) => check.group === "bundle" && check.name === "/process/args/0"));
    assert.ok(report.plan.processes.init.some(({ op }) => op === "execve"));
    assert.is(report.outcome.syscall, "stat");
    const last = report.trace.find(({ name }) => name === "findExecutable");
    assert.match(JSON.stringify(last?.args), /"result":"failed","errno":2,"syscall":"stat"/);
    assert.not.match(text, secret);
  });

  tell("create leaves it where the environment says; what a hook prints is masked, too", () => {
    const folder = newPath("reports");
    const bundle = makeBundle(combine(failingHook, withSecrets));
    const env = { PATH: process.env.PATH ?? "", RUNTS_REPORT: folder };
    const { err } = runtime.call(["create", "--bundle", bundle, newId()], { env });
    assert.match(err, `refused by ${secret}`);
    const { report, text } = read(folder);
    assert.match(report.message.join(), /exit status 3: refused by \(masked\)/);
    assert.not.match(text, secret);
  });

  tell("a failing start and exec leave one, with the process that was to run", () => {
    const limit: Change = ({ process }) => {
      process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 1, hard: 4_000_000_000 }];
    };
    const id = newId();
    runtime.ok("create", "--bundle", makeBundle(limit), id);
    const started = newPath("reports");
    runtime.fails("--report", started, "start", id);
    assert.match(read(started).report.story.join("\n"), "setRlimit");
    runtime.ok("delete", "--force", id);

    const other = newId();
    runtime.ok("create", "--bundle", makeBundle(shell("sleep 100")), other);
    runtime.ok("start", other);
    const folder = newPath("reports");
    const words = ["--env", `TOKEN=${secret}`, other, "/no/such/program"];
    assert.is(runtime.call(["exec", "--report", folder, ...words]).status, 255);
    const { report, text } = read(folder);
    assert.match(JSON.stringify(report.process), "/no/such/program");
    assert.match(report.command.join(" "), "--env TOKEN=(masked)");
    assert.not.match(text, secret);
    runtime.ok("delete", "--force", other);
  });

  tell("an invalid config.json is in it; one that is not JSON is left out", () => {
    const folder = newPath("reports");
    const faulty: Change = (config) => {
      config.process.cwd = "not/absolute";
      config.process.env.push(secret);
    };
    runtime.fails("create", "--report", folder, "--bundle", makeBundle(faulty), newId());
    const { report, text } = read(folder);
    assert.match(report.story.join("\n"), "/process/cwd");
    assert.equal(Object.keys(report.config).sort()[0], "hostname");
    assert.not.match(text, secret);

    const bundle = makeBundle();
    writeFileSync(join(bundle, "config.json"), `{ "process": { "env": ["X=${secret}"] `);
    const second = newPath("reports");
    runtime.fails("create", "--report", second, "--bundle", bundle, newId());
    assert.match(read(second).text, /"config": "left out: /);
    assert.not.match(read(second).text, secret);
  });

  tell("a report that cannot be written is a warning, after the error and in place of nothing", () => {
    const target = newPath("target");
    const link = newPath("link");
    mkdirSync(target);
    symlinkSync(target, link);
    const bundle = makeBundle(missing);
    for (const [folder, why] of [
      [link, "ELOOP"],
      [`${link}/below`, "ELOOP"],
      ["/no/such/folder", "ENOENT"],
      ["/proc/self", "ELOOP|ENOENT|EACCES"],
    ] as const) {
      const { status, err } = runtime.call(["run", "--report", folder, "--bundle", bundle, newId()]);
      assert.is(status, 1);
      assert.match(
        err,
        new RegExp(
          `^runts: exec: "/no/such/program"[^\n]*\nrunts: warning: no report in [^\n]*(${why})[^\n]*\n$`,
        ),
      );
    }
    assert.equal(readdirSync(target), []);
  });

  tell("the log that an engine reads stays one line", () => {
    const [folder, log] = [newPath("reports"), newPath("log")];
    const bundle = makeBundle(missing);
    for (const where of [folder, "/no/such/folder"])
      runtime.call([
        "--log",
        log,
        "--log-format",
        "json",
        "--report",
        where,
        "run",
        "--bundle",
        bundle,
        newId(),
      ]);
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    assert.equal(
      lines.map((line) => JSON.parse(line).level),
      ["error", "error"],
    );
  });

  tell("success leaves nothing, nor does a container that ends with a status of its own", () => {
    const folder = newPath("reports");
    for (const script of ["true", "exit 7"])
      runtime.call(["--report", folder, "run", "--bundle", makeBundle(shell(script)), newId()]);
    assert.not(existsSync(folder));
  });
}

test("a folder of everybody's is good enough: nobody else can read the report", () => {
  const folder = newPath("reports");
  mkdirSync(folder);
  chmodSync(folder, 0o1777);
  const runtime = new Runtime();
  runtime.fails("--report", folder, "run", "--bundle", makeBundle(missing), newId());
  const { name } = read(folder);
  assert.is(statSync(join(folder, name)).mode & 0o777, 0o600);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
