// SPDX-License-Identifier: Apache-2.0

// doctor: what it says of this host, and whether it foresees what create refuses.

import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Check } from "../../lib/container/doctor/check.ts";
import { makeBroken } from "../diagnose/attempt.ts";
import { families } from "../diagnose/bundles/index.ts";
import { lacking } from "../diagnose/needs.ts";
import { makeBundle } from "./bundle.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { hosts, missingHost, type Result, Runtime } from "./runtime.ts";
import { newId } from "./scratch.ts";

const before = snapshot();

if (missingHost) test.skip(`the same on the Node host # ${missingHost}`, () => {});

const checksOf = ({ out }: Result): readonly Check[] => JSON.parse(out);

for (const host of hosts) {
  const runtime = new Runtime(host);
  const doctor = (...words: readonly string[]) => runtime.call(["doctor", ...words]);

  test(`${host.name}: doctor finds on this host what a container needs`, () => {
    const result = doctor("--json");
    assert.is(result.status, 0, result.out + result.err);
    const checks = checksOf(result);
    for (const name of ["clone3", "openat2", "pidfd", "mount_setattr", "cgroup v2", "birth in a cgroup"])
      assert.is(checks.find((one) => one.name === name)?.state, "ok", name);
    for (const one of checks) if (one.state !== "ok") assert.ok(one.mend, `${one.name}: ${one.detail}`);
  });

  test(`${host.name}: doctor refuses nothing of a bundle that runs`, () => {
    const { status, out } = doctor(makeBundle());
    assert.is(status, 0, out);
    assert.match(out, /nothing in it would be refused/);
    assert.not.match(out, /\x1b/);
  });

  test(`${host.name}: doctor names each refusal with its line and its mend, and exits with 1`, () => {
    const bundle = makeBundle(({ mounts, process }) => {
      mounts.push({ destination: "/x", source: "/no/such/source", options: ["bind"] });
      process.args = ["/no/such/program"];
    });
    const { status, out } = doctor(bundle);
    assert.is(status, 1);
    assert.match(
      out,
      /refused {2}\/mounts\/7 +\S+config\.json:\d+:\d+: the source \/no\/such\/source: \/no does not exist\n +try: make it/,
    );
    assert.match(out, /refused {2}\/process\/args\/0 +\S+config\.json:\d+:\d+: \/no does not exist/);
  });

  test(`${host.name}: doctor exits with 2 for a wrong command line`, () => {
    assert.is(doctor("a", "b").status, 2);
    assert.is(doctor("--no-such-flag").status, 2);
  });
}

const runtime = new Runtime();

test("doctor without rights says so, and what would help", () => {
  const through = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const result = runtime.call(["doctor", "--json"], { through });
  const checks = checksOf(result);
  assert.match(checks.find(({ name }) => name === "device programs")?.mend ?? "", /CAP_/);
  assert.match(checks.find(({ name }) => name === "ids")?.detail ?? "", /one id can be mapped/);
});

test("a limit of namespaces is found, with its name, by doctor and by create", () => {
  // the limit is that of a user namespace, whose root may set it: the host's own stays
  const limited = [
    "unshare",
    "--user",
    "--map-root-user",
    "sh",
    "-c",
    'echo 0 > /proc/sys/user/max_uts_namespaces && exec "$@"',
    "sh",
  ];
  const bundle = makeBundle();
  const { status, out } = runtime.call(["doctor", bundle], { through: limited });
  assert.is(status, 1);
  assert.match(
    out,
    /refused {2}\/linux\/namespaces\/2 .*user\.max_uts_namespaces is 0\n +try: sysctl -w user\.max_uts_namespaces=/,
  );
  const failed = runtime.call(["run", "--bundle", bundle, newId()], { through: limited });
  assert.match(failed.err, /no uts namespaces \(user\.max_uts_namespaces is 0\)/);
});

for (const [family, bundles] of Object.entries(families))
  for (const broken of bundles) {
    // what depends on the command line or on other containers is not a bundle's own
    if (broken.command || broken.before || lacking(broken.needs) !== undefined) continue;
    test(`doctor ${broken.unforeseen ? "cannot foresee" : "foresees"} ${family}: ${broken.what}`, () => {
      const { status, out } = runtime.call(["doctor", makeBroken(broken, newId())]);
      assert.is(status, broken.unforeseen ? 0 : 1, out);
    });
  }

test("doctor leaves nothing behind, not even a state folder", () => {
  const fresh = new Runtime();
  fresh.call(["doctor", makeBundle()]);
  assert.throws(() => readdirSync(fresh.root), /ENOENT/);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
