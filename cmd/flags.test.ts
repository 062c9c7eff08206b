// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { RuntsError } from "../lib/errors.ts";
import { type Flags, parse } from "./flags.ts";

const flags: Flags = {
  bundle: { kind: "string", alias: "b", about: "" },
  count: { kind: "number", about: "" },
  format: { kind: "string", choices: ["text", "json"], about: "" },
  "no-pivot": { kind: "boolean", about: "" },
  force: { kind: "boolean", alias: "f", about: "" },
  env: { kind: "string", alias: "e", many: true, about: "" },
  trace: { kind: "string", value: "FILE", bare: "-", about: "" },
};

function complaint(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RuntsError && error.code === "usage") return error.facts.detail ?? "";
    throw error;
  }
  return "";
}

test("flags are read before, between and after words", () => {
  const { words, has, text } = parse(flags, ["--bundle", "/b", "id", "-f", "TERM", "--no-pivot"], false);
  assert.equal(words, ["id", "TERM"]);
  assert.is(text("bundle"), "/b");
  assert.ok(has("force"));
  assert.ok(has("no-pivot"));
});

test("a flag that may stand alone takes a value only behind =", () => {
  const value = (...args: string[]) => {
    const { words, text } = parse(flags, args, false);
    return [text("trace"), ...words];
  };
  assert.equal(value("--trace", "id"), ["-", "id"]);
  assert.equal(value("--trace=/file", "id"), ["/file", "id"]);
  assert.equal(value("id"), [undefined, "id"]);
});

test("a flag that can be given several times has all of its values, in order; another one its last", () => {
  const { texts, text } = parse(
    flags,
    ["-e", "a", "--env=b", "--env", "", "--bundle", "x", "--bundle", "y"],
    false,
  );
  assert.equal(texts("env"), ["a", "b", ""]);
  assert.equal(texts("format"), []);
  assert.is(text("bundle"), "y");
});

test("a flag that is empty or false is given", () => {
  const { given, has, text } = parse(flags, ["--bundle", "", "--force=false"], false);
  assert.ok(given("bundle") && given("force"));
  assert.not(given("no-pivot"));
  assert.not(has("force"));
  assert.is(text("bundle"), undefined);
});

test("a long name may stand behind one dash, as containerd writes it", () => {
  const { words, has, text } = parse(flags, ["-no-pivot", "-bundle=/b", "id"], false);
  assert.equal(words, ["id"]);
  assert.ok(has("no-pivot"));
  assert.is(text("bundle"), "/b");
});

test("a boolean flag leaves the next word alone, whatever it says", () => {
  const { words, has } = parse(flags, ["--force", "true"], false);
  assert.equal(words, ["true"]);
  assert.ok(has("force"));
  assert.not(parse(flags, ["--force=false", "id"], false).has("force"));
});

test("numbers among the words stay what they are", () => {
  assert.equal(parse(flags, ["007", "9", "0x10", "1e3"], false).words, ["007", "9", "0x10", "1e3"]);
});

test("a value may begin with a dash", () => {
  assert.is(parse(flags, ["--bundle", "-", "id"], false).text("bundle"), "-");
  assert.is(parse(flags, ["-b", "-x"], false).text("bundle"), "-x");
});

test("the last of several wins", () => {
  assert.is(parse(flags, ["--bundle", "a", "--bundle", "b"], false).text("bundle"), "b");
});

test("after two dashes everything is a word", () => {
  assert.equal(parse(flags, ["--force", "--", "--bundle", "x"], false).words, ["--bundle", "x"]);
});

test("leading flags end where the first word is", () => {
  const { words, has } = parse(flags, ["--force", "create", "-no-pivot", "--other"], true);
  assert.equal(words, ["create", "-no-pivot", "--other"]);
  assert.ok(has("force"));
  assert.not(has("no-pivot"));
});

test("what is wrong is said by the flag's name", () => {
  assert.is(
    complaint(() => parse(flags, ["--nope"], false)),
    "no such flag: --nope",
  );
  assert.is(
    complaint(() => parse(flags, ["--constructor"], false)),
    "no such flag: --constructor",
  );
  assert.is(
    complaint(() => parse(flags, ["-z"], false)),
    "no such flag: -z",
  );
  assert.is(
    complaint(() => parse(flags, ["--bundle"], false)),
    "flag needs an argument: --bundle",
  );
  assert.match(
    complaint(() => parse(flags, ["--force=yes"], false)),
    'found "yes"',
  );
  assert.match(
    complaint(() => parse(flags, ["--count", "-1"], false).number("count")),
    'found "-1"',
  );
  assert.match(
    complaint(() => parse(flags, ["--format", "xml"], false).text("format")),
    "expected text, json",
  );
});

test.run();
