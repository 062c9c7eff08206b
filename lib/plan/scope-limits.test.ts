// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Resources } from "../config/types.ts";
import { limitSteps, processSteps } from "./limits.ts";
import { isNewer, limitProperties } from "./scope-limits.ts";

const propertiesOf = (resources: Resources, hasBfq = false) =>
  limitProperties([...limitSteps(resources), ...processSteps(resources)], hasBfq);

test("memory and its like are bytes, and infinity is the largest number", () => {
  assert.equal(propertiesOf({ memory: { limit: 1 << 20, swap: 3 << 20, reservation: 1 << 19 } }), [
    ["MemorySwapMax", "t", `${2 << 20}`],
    ["MemoryMax", "t", `${1 << 20}`],
    ["MemoryLow", "t", `${1 << 19}`],
  ]);
  assert.equal(propertiesOf({ memory: { limit: -1 } }), [
    ["MemorySwapMax", "t", "18446744073709551615"],
    ["MemoryMax", "t", "18446744073709551615"],
  ]);
});

test("a quota is for a second, in whole percents, and comes with its period", () => {
  assert.equal(propertiesOf({ cpu: { quota: 20001, period: 50000 } }), [
    ["CPUQuotaPeriodUSec", "t", "50000"],
    ["CPUQuotaPerSecUSec", "t", "410000"],
  ]);
  assert.equal(propertiesOf({ cpu: { quota: -1 } }), [["CPUQuotaPerSecUSec", "t", "18446744073709551615"]]);
});

test("shares are a weight; idle is a weight of 0", () => {
  assert.equal(propertiesOf({ cpu: { shares: 1024 } }), [["CPUWeight", "t", "100"]]);
  assert.equal(propertiesOf({ cpu: { idle: 1, shares: 1024 } }), [["CPUWeight", "t", "0"]]);
});

test("lists of processors and nodes are bit sets, the lowest byte first", () => {
  assert.equal(propertiesOf({ cpu: { cpus: "0-2,11", mems: "16" } }), [
    ["AllowedCPUs", "ay", "2", "7", "8"],
    ["AllowedMemoryNodes", "ay", "3", "0", "0", "1"],
  ]);
});

test("an empty list is no bit, which is systemd's word for all", () => {
  for (const value of ["", "\n"])
    assert.equal(propertiesOf({ unified: { "cpuset.cpus": value } }), [["AllowedCPUs", "ay", "0"]]);
});

test("lists are read as the kernel reads them; what it will refuse is not told", () => {
  const cpus = (value: string) => propertiesOf({ unified: { "cpuset.cpus": value } });
  assert.equal(cpus(" 0-15:2/4,17\n"), [["AllowedCPUs", "ay", "3", "51", "51", "2"]]);
  for (const value of ["0-", "-1", "a", "0-9:1/0", "99999999"]) assert.equal(cpus(value), [], value);
});

test("no process at all is what systemd cannot say: it has one for it", () => {
  for (const resources of [{ pids: { limit: 0 } }, { unified: { "pids.max": "0" } }])
    assert.equal(propertiesOf(resources), [["TasksMax", "t", "1"]]);
});

/** systemd.resource-control(5), IOWeight=: systemd's own way back, in integers. */
const bfqOf = (weight: number) => (weight <= 100 ? weight : 100 + Math.trunc(((weight - 100) * 900) / 9900));

test("where BFQ weighs, systemd has what it makes BFQ's own number of", () => {
  for (const weight of [10, 99, 100, 101, 300, 500, 999, 1000]) {
    const [first] = propertiesOf({ blockIO: { weight } }, true);
    assert.is(bfqOf(Number(first?.[2])), weight);
  }
  assert.equal(propertiesOf({ unified: { "io.bfq.weight": "default 300\n8:0 50" } }, true), [
    ["IOWeight", "t", "2300"],
    ["IODeviceWeight", "a(st)", "1", "/dev/block/8:0", "50"],
  ]);
  assert.equal(propertiesOf({ unified: { "io.weight": "8:0 default" } }), []);
});

test("what older ones do not know is told apart", () => {
  const resources = { unified: { "memory.oom.group": "1", "memory.zswap.max": "0", "cpu.idle": "1" } };
  const properties = propertiesOf({ ...resources, pids: { limit: 5 } });
  assert.equal(properties.filter(isNewer), [
    ["OOMPolicy", "s", "kill"],
    ["MemoryZSwapMax", "t", "0"],
    ["CPUWeight", "t", "0"],
  ]);
  assert.equal(
    properties.filter((one) => !isNewer(one)),
    [["TasksMax", "t", "5"]],
  );
});

test("limits of several devices are one property", () => {
  const throttleReadBpsDevice = [
    { major: 8, minor: 0, rate: 1000 },
    { major: 8, minor: 16, rate: 0 },
  ];
  const weightDevice = [{ major: 8, minor: 0, weight: 1000 }];
  assert.equal(propertiesOf({ blockIO: { weight: 10, weightDevice, throttleReadBpsDevice } }), [
    ["IOWeight", "t", "1"],
    ["IODeviceWeight", "a(st)", "1", "/dev/block/8:0", "10000"],
    ["IOReadBandwidthMax", "a(st)", "2", "/dev/block/8:0", "1000", "/dev/block/8:16", "18446744073709551615"],
  ]);
});

test("unified values win over the others, and files that systemd does not know are left to the kernel", () => {
  const unified = { "memory.max": "5", "hugetlb.2MB.max": "0", "memory.high": "max", "pids.max": "7" };
  assert.equal(propertiesOf({ memory: { limit: 1 << 20 }, unified }), [
    ["MemoryMax", "t", "5"],
    ["MemoryHigh", "t", "18446744073709551615"],
    ["TasksMax", "t", "7"],
  ]);
});

test.run();
