// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { limitsConfig, podmanConfig, specConfig } from "../config/fixtures/edit.ts";
import { encode, memoryHost } from "../config/fixtures/host.ts";
import { brief, findingsOf, inspectText, mendsOf } from "./fixtures/inspected.ts";
import { inspect, strictly } from "./inspect.ts";

test("nothing is found in what `spec` and Podman write", () => {
  for (const config of [specConfig, podmanConfig, limitsConfig])
    assert.equal(brief(findingsOf({}, config)), []);
});

test("schema, rules, names twice and advice come together, in the order of the text", () => {
  const text = `{
  "ociVersion": "1.3.0",
  "root": { "path": "rootfs", "readOnly": true },
  "hostname": "a", "hostname": "b",
  "process": { "cwd": "x", "args": ["sleep 1"] }
}`;
  const { findings } = inspectText(text);
  assert.equal(
    findings.map(({ line, column, severity, rule }) => `${line}:${column} ${severity} ${rule}`),
    [
      "3:31 warning misspelt-name",
      "4:20 error duplicate",
      "4:32 error conflict",
      "5:23 error format",
      "5:37 warning command-line",
      "5:37 warning no-path",
    ],
  );
});

test("a place is that of the value, and ends with its first line", () => {
  const { findings } = inspectText('{ "ociVersion": "1.3.0",\n "root": { "path": 7 }, "mounts": [{\n}] }');
  assert.equal(
    findings.map(({ line, column, endLine, endColumn }) => [line, column, endLine, endColumn]),
    [
      [2, 20, 2, 21],
      [2, 36, 2, 37],
    ],
  );
});

test("how to mend it is told as exactly as can be", () => {
  const cases: readonly (readonly [Parameters<typeof mendsOf>[0], string])[] = [
    [{ "/process/rlimits/0/type": "RLIMIT_NOFIL" }, 'write "RLIMIT_NOFILE"'],
    [{ "/process/rlimits/0/type": "constructor" }, "write one of the names that are allowed"],
    [{ "/process/user/uid": -1 }, "the nearest that is allowed is 0"],
    [{ "/process/user/uid": "7" }, "take the quotes off: 7"],
    [{ "/process/terminal": "TRUE" }, "take the quotes off: true"],
    [{ "/process/terminal": 1 }, "write true"],
    [{ "/process/args": "sh" }, 'put it in brackets: ["sh"]'],
    [{ "/process/args/0": 7 }, 'put it in quotes: "7"'],
    [{ "/process/cwd": "tmp" }, 'begin it with /: "/tmp"'],
    [{ "/process/cwd": undefined }, 'add "cwd": "/"'],
    [{ "/ociVersion": "v1.1" }, 'write all three numbers: "1.1.0"'],
    [
      { "/linux/resources/memory": { limit: 1 << 24, kernel: 5 } },
      "take it out: this runtime works on cgroup v2, which has nothing like it",
    ],
    [{ "/hostname": null }, "take it out, or give it a value"],
    [{ "/process/capabilities/bounding/0": "SYS_ADMIN" }, 'write "CAP_SYS_ADMIN"'],
    [{ "/linux/namespaces/-": { type: "pid" } }, "take out all but one namespace of this type"],
  ];
  for (const [edits, expected] of cases) assert.equal(mendsOf(edits), [expected], expected);
});

test("a namespace that is misspelt is told once, not by all that miss it", () => {
  const types = ["pid", "net", "ipc", "uts", "mnt", "cgroup"];
  const findings = findingsOf({ "/linux/namespaces": types.map((type) => ({ type })) });
  assert.equal(
    findings.map(({ pointer, mend }) => [pointer, mend]),
    [
      ["/linux/namespaces/1/type", 'write "network"'],
      ["/linux/namespaces/4/type", 'write "mount"'],
    ],
  );
});

test("advice on what is left of a broken list points into the whole one", () => {
  const tmpfs = (destination: string) => ({ destination, type: "tmpfs" });
  const findings = findingsOf({ "/mounts": [{ type: "tmpfs" }, tmpfs("/a/b"), { type: 1 }, tmpfs("/a")] });
  const hidden = findings.find(({ rule }) => rule === "hidden-mount");
  assert.equal(
    [hidden?.pointer, hidden?.message, hidden?.mend],
    [
      "/mounts/1/destination",
      "nobody will see this mount: /mounts/3 is mounted over /a later",
      "move it behind /mounts/3",
    ],
  );
});

test("text that is no JSON is told with its place, and bytes that are no text without", () => {
  const [syntax] = inspectText('{\n  "a": 1,\n}').findings;
  assert.equal([syntax?.rule, syntax?.line, syntax?.column], ["syntax", 3, 1]);
  assert.is(syntax?.mend, "take out the comma before it, or write what is missing");
  assert.is(inspectText("{ // no\n}").findings[0]?.mend, "take the comment out: JSON has none");
  const host = {
    ...memoryHost({}),
    decode(): string {
      throw { syscall: "decode", errno: 84, path: "" };
    },
  };
  const { findings, text } = inspect(host, encode("x"));
  assert.equal([findings[0]?.rule, findings[0]?.line, text], ["syntax", undefined, ""]);
});

test("state and features are known by their shape, and checked", () => {
  const state = inspectText('{"ociVersion":"1.3.0","id":"a","status":"runing","bundle":"/b","bundel":"x"}');
  assert.is(state.kind, "state");
  assert.equal(brief(state.findings), ["enum /status"]);
  const features = inspectText('{"ociVersionMin":"1.0.0","ociVersionMax":"1.3.0","hook":[]}');
  assert.is(features.kind, "features");
  assert.equal(brief(features.findings), ["misspelt-name /hook"]);
  assert.is(inspectText("{}").kind, "config");
  assert.is(inspectText("{}", { kind: "state" }).kind, "state");
});

test("strictly taken, a warning is an error", () => {
  const inspection = inspectText(JSON.stringify({ ociVersion: "1.9.0", root: { path: "r" } }));
  assert.equal(
    inspection.findings.map(({ severity }) => severity),
    ["warning"],
  );
  assert.equal(
    strictly(inspection).findings.map(({ severity }) => severity),
    ["error"],
  );
});

test.run();
