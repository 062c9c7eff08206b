// SPDX-License-Identifier: Apache-2.0

// What systemd said is as systemd 252 said it, in a machine that it runs.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode } from "../../config/fixtures/host.ts";
import type { Config } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import type { Case } from "./case.ts";
import { explainScope } from "./scope.ts";
import { View } from "./view.ts";

/** Of the host only who calls is asked. */
function caseOf(
  syscall: string,
  detail: string,
  uid: number,
  annotations?: Config["annotations"],
  errno = 0,
): Case {
  const looked: Pick<Host, "uid" | "decode" | "readFile"> = {
    uid,
    decode: (bytes) => String.fromCharCode(...bytes),
    readFile: () => encode("0 0 4294967295"),
  };
  const host: Host = Object.create(looked);
  const config: Config = {
    ociVersion: "1.3.0",
    root: { path: "rootfs" },
    ...(annotations && { annotations }),
  };
  return {
    ...{
      host,
      op: "startScope",
      syscall,
      errno,
      detail,
      pointer: "/linux/cgroupsPath",
      bundle: "/b",
      config,
    },
    ...{ process: undefined, live: false, inside: new View(host, "/"), outside: new View(host, "/") },
  };
}

function explained(
  syscall: string,
  detail: string,
  uid = 0,
  annotations?: Config["annotations"],
  errno = 0,
): string {
  const found = explainScope(caseOf(syscall, detail, uid, annotations, errno));
  return found ? [found.why, ...found.remedies, found.pointer ?? ""].join("\n") : "";
}

const start = (detail: string, annotations?: Config["annotations"]): string =>
  explained("StartTransientUnit", detail, 0, annotations);
const asked = (name: string, value: string) => ({ [`org.systemd.property.${name}`]: value });

test("without a bus root is told of the bus, an ordinary user of the login", () => {
  const refused =
    "org.freedesktop.DBus.Error.NoServer: Failed to connect to socket /run/systemd/private: Connection refused";
  assert.match(explained("connect", refused), /system's bus.*\nsystemctl start dbus[\s\S]*cgroupfs/);
  const missing =
    "org.freedesktop.DBus.Error.FileNotFound: Failed to connect to socket /run/user/7/systemd/private: No such file or directory";
  assert.match(
    explained("connect", missing, 7),
    /at \/run\/user\/7\/systemd\/private: su and sudo[\s\S]*enable-linger/,
  );
  const others =
    "org.freedesktop.DBus.Error.AccessDenied: Failed to connect to socket /run/user/8/bus: Permission denied";
  assert.match(explained("connect", others, 7), /another user's/);
  assert.match(explained("connect", "org.freedesktop.DBus.Error.BadAddress: x", 7), /no address[\s\S]*unset/);
});

test("an ordinary user who asks the system's manager is sent to his own", () => {
  const detail =
    "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired: Interactive authentication required.";
  assert.match(explained("StartTransientUnit", detail, 7), /only root[\s\S]*unset DBUS_SESSION_BUS_ADDRESS/);
  assert.match(
    explained("StartTransientUnit", "org.freedesktop.DBus.Error.AccessDenied: Permission denied", 7),
    /only root/,
  );
  assert.match(start("org.freedesktop.DBus.Error.AccessDenied: Permission denied"), /policy/);
});

test("names of units: taken, masked, none at all", () => {
  assert.match(
    start(
      "org.freedesktop.systemd1.UnitExists: Unit runts-a.scope was already loaded or has a fragment file.",
    ),
    /there is a runts-a.scope already[\s\S]*systemctl status runts-a.scope/,
  );
  assert.match(
    start("org.freedesktop.systemd1.UnitMasked: Unit masked.slice is masked."),
    /unmask masked.slice/,
  );
  const bare =
    "org.freedesktop.DBus.Error.InvalidArgs: Unit name runts-@.scope is missing the instance name.";
  assert.match(start(bare), /linux.cgroupsPath makes/);
});

test("a property that is refused leads to its annotation", () => {
  const invalid = (said: string, annotations: Config["annotations"]) =>
    start(`org.freedesktop.DBus.Error.InvalidArgs: ${said}`, annotations);
  const others = asked("TimeoutStopUSec", "7");
  for (const [said, annotation] of [
    ["Invalid KillSignal setting: 9999", asked("KillSignal", "9999")],
    ["Value specified in CPUWeight is out of range", asked("CPUWeight", "99999999")],
    ["Invalid unit name no suffix", asked("After", "['no suffix']")],
  ] as const) {
    const told = invalid(said, { ...others, ...annotation });
    assert.match(told, `annotation ${Object.keys(annotation)[0]}`);
    assert.match(told, `/annotations/${Object.keys(annotation)[0]}`);
  }
  const missing = "org.freedesktop.systemd1.NoSuchUnit: Unit nosuch.service not found.";
  assert.match(
    start(missing, asked("Requisite", "['nosuch.service']")),
    /nosuch.service cannot be loaded.*annotation/,
  );
});

test("how a job ended", () => {
  const job = (detail: string, annotations?: Config["annotations"], errno = 0) =>
    explained("systemd", detail, 0, annotations, errno);
  const requisite = asked("Requisite", "['a.service']");
  assert.match(
    job('the job for runts-a.scope ended as "dependency"', requisite),
    /has failed[\s\S]*--failed[\s\S]*annotation/,
  );
  assert.match(job('the job for runts-a.scope ended as "failed"'), /systemctl status runts-a.scope/);
  assert.match(job('the job for runts-a.scope ended as "timeout"'), /JobTimeoutUSec/);
  assert.match(
    job("the job for runts-a.scope", asked("After", "['a.service']"), 110),
    /within 30 s[\s\S]*list-jobs[\s\S]*annotation/,
  );
  assert.match(job("runts-a.scope is at /x, expected /y"), /elsewhere/);
});

test("a bus without systemd, and one that does not answer", () => {
  const gone =
    "org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.systemd1 was not provided by any .service files";
  assert.match(start(gone), /systemd is not on it/);
  assert.match(start("org.freedesktop.DBus.Error.NoReply: Did not receive a reply."), /does not answer/);
  assert.is(start("org.freedesktop.DBus.Error.NobodyKnows: x"), "");
});

test.run();
