// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../host.ts";
import { writeJson } from "../../json.ts";
import { layout } from "./layout.ts";
import { Mask } from "./mask.ts";

const of = (value: Json): Json => new Mask([value]).of(value);

test("variables lose their values, but for those that tell how a program is found", () => {
  assert.equal(
    of({ process: { env: ["PATH=/bin", "A=b", "EMPTY=", "HOSTNAME=0a1b2c3d4e5f", "no equals"] } }),
    {
      process: { env: ["PATH=/bin", "A=(masked)", "EMPTY=", "HOSTNAME=0a1b2c3d4e5f", "(masked)"] },
    },
  );
  assert.equal(of({ hooks: { poststop: [{ path: "/x", env: ["A=b"] }] } }), {
    hooks: { poststop: [{ path: "/x", env: ["A=(masked)"] }] },
  });
  // as it must not be, but somebody writes it
  assert.equal(of({ env: { A: "b" } }), { env: { A: "(masked)" } });
});

test("a secret is masked wherever else it occurs, also quoted as JSON", () => {
  const mask = new Mask([{ env: ['TOKEN=ab"cd', "PIN=4711", "LONG=between-us-2"] }]);
  assert.is(mask.text('x ab"cd y ab\\"cd z'), "x (masked) y (masked) z");
  assert.is(mask.text("the hook says: between-us-2!"), "the hook says: (masked)!");
});

test("what a variable has in common with everything else stays", () => {
  const mask = new Mask([{ env: ["HOSTTYPE=container", "A=1", "DATA=/var/lib/data"] }]);
  assert.is(mask.text("container 1 in /var/lib/data/x"), "container 1 in /var/lib/data/x");
});

test("words of a command line: the flag's own value, and the one behind it", () => {
  assert.equal(of(["x", "--password", "hunter2", "--token=abc", "--user", "me", "-e", "A=b", "--env=C=d"]), [
    ...["x", "--password", "(masked)", "--token=(masked)", "--user", "me", "-e", "A=(masked)"],
    "--env=C=(masked)",
  ]);
  assert.equal(
    of({
      args: ["sh", "-c", "PGPASSWORD=x1 psql postgres://u:p@h/d; curl -H 'Authorization: Bearer abcdefgh1'"],
    }),
    {
      args: [
        "sh",
        "-c",
        "PGPASSWORD=(masked) psql postgres://(masked)@h/d; curl -H 'Authorization: (masked) (masked)'",
      ],
    },
  );
});

test("annotations, sysctls and options by their names; JSON in an annotation by what is in it", () => {
  const kept = { "io.kubernetes.cri.sandbox-id": "0123", note: "pass me the salt" };
  const pod = '{"env":[{"name":"X","value":"y"}],"image":"i"}';
  assert.equal(of({ annotations: { ...kept, "my.api-key": "k", pod } }), {
    annotations: {
      ...kept,
      "my.api-key": "(masked)",
      pod: '{"env":[{"name":"X","value":"(masked)"}],"image":"i"}',
    },
  });
  assert.equal(of({ sysctl: { "net.ipv4.tcp_fastopen_key": "1-2", "kernel.msgmax": "1" } }), {
    sysctl: { "net.ipv4.tcp_fastopen_key": "(masked)", "kernel.msgmax": "1" },
  });
  assert.equal(of(["username=me,password=it,vers=3", "ro"]), ["username=me,password=(masked),vers=3", "ro"]);
  assert.equal(of({ listenerMetadata: "anything" }), { listenerMetadata: "(masked)" });
});

test("keys and tokens by their looks", () => {
  const text = (given: string) => new Mask([]).text(given);
  assert.is(text("a ghp_abcdefghijklmnopqrstuvwxyz b"), "a (masked) b");
  assert.is(text("AKIAABCDEFGHIJKLMNOP"), "(masked)");
  assert.is(text("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx"), "(masked)\nx");
});

test("what quotes a secret of the document is masked with it", () => {
  const faults = [
    { code: "format", pointer: "/process/env/0", found: '"hunter2hunter2 and mo…', expected: "NAME=value" },
  ];
  const mask = new Mask([faults]);
  assert.match(writeJson(mask.of(faults)), /"found":"\(masked\)","expected":"NAME=value"/);
  assert.is(mask.text('found "hunter2hunter2 and mo…, expected'), 'found "(masked)…, expected');
  const place = { pointer: "/process", text: '{ "env": ["A=b"] }' };
  assert.equal(mask.of(place), { pointer: "/process", text: "(masked)" });
});

test("numbers are exact, and long hostile texts take no time", () => {
  assert.equal(of({ hard: 18446744073709551615n, on: true, none: null }), {
    hard: 18446744073709551615n,
    on: true,
    none: null,
  });
  const hostile = [
    "a".repeat(100_000),
    "token ".repeat(20_000),
    "//".repeat(50_000),
    "-----BEGIN ".repeat(9000),
  ];
  const start = Date.now();
  of(hostile);
  assert.ok(Date.now() - start < 10_000);
});

test("JSON is laid out in lines that can be read, and is the same value", () => {
  const value: Json = {
    a: [1, 2n ** 64n, "x"],
    long: Array.from({ length: 40 }, (_, i) => ({ i })),
    empty: [],
  };
  const text = layout(value);
  assert.is(JSON.stringify(JSON.parse(text)), JSON.stringify(JSON.parse(writeJson(value))));
  assert.match(text, /^ {2}"a": \[1,18446744073709551616,"x"\],$/m);
  assert.ok(text.split("\n").every((line) => line.length <= 118));
});

test.run();
