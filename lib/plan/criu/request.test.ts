// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { encodeRequest } from "./request.ts";

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

test("a request is its type and its options, each with its number and its kind", () => {
  // protoc --encode=criu_req rpc.proto of the same
  assert.is(
    hex(encodeRequest("dump", { imagesFd: 4, pid: 300, leaveRunning: true })),
    "08 01 12 07 08 04 10 ac 02 18 01",
  );
  assert.is(hex(encodeRequest("restore", { imagesFd: 4, logFile: "é" })), "08 02 12 06 08 04 52 02 c3 a9");
  assert.is(hex(encodeRequest("preDump", { imagesFd: 4 })), "08 04 12 02 08 04");
});

test("lists are a field for each, and options beyond the fifteenth have a number of two bytes", () => {
  assert.is(
    hex(encodeRequest("dump", { imagesFd: 4, external: ["a", "b"], cgroupMode: "soft" })),
    "08 01 12 0d 08 04 90 02 03 aa 02 01 61 aa 02 01 62",
  );
  assert.is(
    hex(encodeRequest("restore", { imagesFd: 4, inherit: [{ key: "k", fd: 1 }], cgroupRoot: "/c" })),
    "08 02 12 13 08 04 ca 01 06 0a 00 12 02 2f 63 da 01 05 0a 01 6b 10 01",
  );
});

test("a text longer than 127 bytes has a length of two, and a point beyond the first plane four bytes", () => {
  const bytes = encodeRequest("dump", { imagesFd: 4, root: "x".repeat(200) });
  assert.is(hex(bytes.slice(0, 11)), "08 01 12 cd 01 08 04 6a c8 01 78");
  assert.is(bytes.length, 5 + 205);
  assert.is(hex(encodeRequest("dump", { imagesFd: 4, root: "\u{1F600}" })).slice(-17), "6a 04 f0 9f 98 80");
});

test("what is not given is left to criu, what is false is said", () => {
  assert.is(hex(encodeRequest("dump", { imagesFd: 4, shellJob: false })), "08 01 12 04 08 04 38 00");
});

test.run();
