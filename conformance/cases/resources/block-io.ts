// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from "node:fs";
import { act, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal, Skip } from "../../expect.ts";
import { grows, limit, readAbove, takes } from "../../instruments/cgroup-files.ts";
import { cgroup, controller, path } from "../../needs.ts";
import { pause } from "../../questions.ts";
import type { Container } from "../../stage/container.ts";
import type { Place } from "../../stage/place.ts";

const needs = [cgroup, controller("io"), path("/sys/block")];

/** What BFQ reads, and what the controller itself does; a kernel may have both. */
const weightFiles = ["io.bfq.weight", "io.weight"];

type Device = Readonly<Record<"major" | "minor", number>>;

const named = ({ major, minor }: Device) => `${major}:${minor}`;

/** A block device for which one of the files takes the setting. */
function device(place: Place, files: readonly string[], setting: string): Device {
  const found = readdirSync("/sys/block")
    .map((name) => readFileSync(`/sys/block/${name}/dev`, "utf8").trim())
    .find((dev) => files.some((file) => takes(place, file, `${dev} ${setting}`)));
  if (found === undefined) throw new Skip(`no block device takes ${setting} in ${files.join(" or ")}`);
  const [major = 0, minor = 0] = found.split(":").map(Number);
  return { major, minor };
}

/** In the line of the default or of the one device; what has no weight of its own has 100. */
function weightOf(container: Container, subject: RegExp): number {
  const texts = weightFiles
    .filter((file) => readAbove(container.place, file) !== undefined)
    .map((file) => limit(container, file));
  if (texts.length === 0) throw new Skip("the kernel has no weights of block devices");
  const weights = texts.map((text) => Number(subject.exec(text)?.[1] ?? 100));
  return weights.find((weight) => weight !== 100) ?? 100;
}

/** What io.max shows of a device. */
const line = (found: Device, rates: Readonly<Record<string, unknown>>) =>
  [
    named(found),
    ...Object.entries({ rbps: "max", wbps: "max", riops: "max", wiops: "max", ...rates }).map(
      ([name, value]) => `${name}=${value}`,
    ),
  ].join(" ");

/** A limit of the device, as io.max shows it besides the others. */
const throttle = (clause: ClauseId, property: string, key: string) =>
  act({
    clauses: [clause],
    needs,
    run: async (stage) => {
      const found = device(stage.place, ["io.max"], `${key}=1234567`);
      const blockIO = { [property]: [{ ...found, rate: 1_234_567 }] };
      const container = stage.another({ "/linux/resources": { blockIO } });
      await stage.begin({}, container);
      equal("io.max", limit(container, "io.max"), line(found, { [key]: 1_234_567 }));
    },
  });

/** All four of one device, of which each is written beside the others; one beyond what a double can hold. */
const throttles = act({
  clauses: [
    "resources.block-io-throttle-write-bps",
    "resources.block-io-throttle-read-bps",
    "resources.block-io-throttle-read-iops",
    "resources.block-io-throttle-write-iops",
  ],
  needs,
  run: async (stage) => {
    const rates = { rbps: 2_000_001, wbps: `${2n ** 53n + 1n}`, riops: 3001, wiops: 4001 };
    const found = device(stage.place, ["io.max"], `wbps=${rates.wbps}`);
    const blockIO = {
      throttleReadBpsDevice: [{ ...found, rate: rates.rbps }],
      throttleWriteBpsDevice: [{ ...found, rate: "exactly" }],
      throttleReadIOPSDevice: [{ ...found, rate: rates.riops }],
      throttleWriteIOPSDevice: [{ ...found, rate: rates.wiops }],
    };
    const { container } = stage;
    container.change({ "/linux/resources": { blockIO } });
    stage.ask({ pause });
    container.write(JSON.stringify(container.config).replace('"exactly"', rates.wbps));
    await container.create();
    equal("io.max", limit(container, "io.max"), line(found, rates));
  },
});

/** A device number that no block device has: the kernel turns it down. */
const noDevice = act({
  clauses: ["resources.values"],
  needs,
  run: async (stage) => {
    const taken = readdirSync("/sys/dev/block").map((name) => Number(name.split(":")[0]));
    const major = Array.from({ length: 200 }, (_, at) => 300 + at).find((one) => !taken.includes(one));
    const blockIO = { throttleReadBpsDevice: [{ major, minor: 0, rate: 1_234_567 }] };
    stage.container.change({ "/linux/resources": { blockIO } });
    await stage.expectRefusal("create");
  },
});

/** `entry` gets a real device, and so can be wrong in one way only. */
const refusedEntry = (
  clause: ClauseId,
  property: string,
  entry: (device: Device) => Readonly<Record<string, unknown>>,
) =>
  act({
    clauses: [clause],
    needs,
    run: async (stage) => {
      const files = property === "weightDevice" ? weightFiles : ["io.max"];
      const found = device(stage.place, files, property === "weightDevice" ? "300" : "rbps=1000000");
      const blockIO = { [property]: [entry(found)] };
      stage.container.change({ "/linux/resources": { blockIO } });
      await stage.expectRefusal("create");
    },
  });

const leafWeight: ClauseId = "resources.block-io-leaf-weight";
const required: ClauseId = "resources.block-io-required";

export default {
  weight: grows(
    ["resources.block-io-weight"],
    ["io"],
    [10, 250, 1000].map((weight) => ({ blockIO: { weight } })),
    (container) => weightOf(container, /^default (\d+)$/m),
  ),
  "leaf-weight": refuse({
    clauses: [leafWeight, "resources.conversion-impossible"],
    needs: [cgroup, controller("io")],
    change: { "/linux/resources": { blockIO: { leafWeight: 300 } } },
  }),
  "weight-device": grows(
    ["resources.block-io-weight-device"],
    ["io"],
    (place) => {
      const found = device(place, weightFiles, "300");
      return [20, 300, 900].map((weight) => ({ blockIO: { weightDevice: [{ ...found, weight }] } }));
    },
    (container) => weightOf(container, /^\d+:\d+ (\d+)$/m),
  ),
  "weight-device-leaf": refusedEntry(leafWeight, "weightDevice", (found) => ({ ...found, leafWeight: 300 })),
  "weight-device-empty": refusedEntry(
    "resources.block-io-weight-device-empty",
    "weightDevice",
    (found) => found,
  ),
  "weight-device-no-minor": refusedEntry(required, "weightDevice", ({ major }) => ({ major, weight: 300 })),
  "throttle-read-bps": throttle("resources.block-io-throttle-read-bps", "throttleReadBpsDevice", "rbps"),
  "throttle-write-bps": throttle("resources.block-io-throttle-write-bps", "throttleWriteBpsDevice", "wbps"),
  "throttle-read-iops": throttle("resources.block-io-throttle-read-iops", "throttleReadIOPSDevice", "riops"),
  "throttle-write-iops": throttle(
    "resources.block-io-throttle-write-iops",
    "throttleWriteIOPSDevice",
    "wiops",
  ),
  "throttles-together": throttles,
  "throttle-no-device": noDevice,
  "throttle-no-rate": refusedEntry(required, "throttleReadBpsDevice", (found) => found),
  "throttle-no-major": refusedEntry(required, "throttleReadBpsDevice", ({ minor }) => ({
    minor,
    rate: 1_000_000,
  })),
} satisfies Cases;
