// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { figure, flatKeyed, nestedKeyed, plus, pressure, times, unlimited } from "./figures.ts";

test("a value is exact in all of its 64 bits, and max is the largest", () => {
  assert.is(figure("4096\n"), 4096);
  assert.is(figure("9007199254740991"), 9007199254740991);
  assert.is(figure("9007199254740993"), 9007199254740993n);
  assert.is(figure("18446744073709551615"), 18446744073709551615n);
  assert.is(figure("max\n"), unlimited);
});

test("a value that is missing, negative or no number is 0", () => {
  for (const text of [undefined, "", "-4096", "x", "1 2"]) assert.is(figure(text), 0);
});

test("sums and products stay exact, and stop at the largest", () => {
  assert.is(times(9007199254741, 1000), 9007199254741000n);
  assert.is(times(5, 1000), 5000);
  assert.is(plus(1, 2), 3);
  assert.is(plus(unlimited, 4096), unlimited);
  assert.is(plus(9007199254740993n, 1), 9007199254740994n);
});

test("flat keyed lines", () => {
  const found = flatKeyed("low 0\nhigh 3\nmax 12\noom 1\noom_kill 2\n");
  assert.equal([...found.keys()], ["low", "high", "max", "oom", "oom_kill"]);
  assert.is(found.get("oom_kill"), 2);
  assert.is(flatKeyed(undefined).size, 0);
});

test("nested keyed lines, with devices that have no figures", () => {
  const found = nestedKeyed("8:0 rbytes=4096 wbytes=0\n253:1 \n");
  assert.equal(
    found.map(([key, values]) => [key, ...values]),
    [["8:0", ["rbytes", "4096"], ["wbytes", "0"]], ["253:1"]],
  );
});

test("pressure has both kinds; what an older kernel lacks is 0", () => {
  const text = "some avg10=1.53 avg60=0.87 avg300=0.00 total=1234567\n";
  assert.equal(pressure(`${text}full avg10=100.00 avg60=0.10 avg300=0.00 total=7\n`), {
    some: { avg10: 1.53, avg60: 0.87, avg300: 0, total: 1234567 },
    full: { avg10: 100, avg60: 0.1, avg300: 0, total: 7 },
  });
  assert.equal(pressure(text)?.full, { avg10: 0, avg60: 0, avg300: 0, total: 0 });
  assert.is(pressure(undefined), undefined);
});

test.run();
