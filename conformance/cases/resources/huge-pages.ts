// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { act, type Cases, refuse } from "../../case.ts";
import { equal, holds, Skip } from "../../expect.ts";
import { limit, readAbove } from "../../instruments/cgroup-files.ts";
import { cgroup, controller } from "../../needs.ts";
import { call } from "../../questions.ts";
import type { Place } from "../../stage/place.ts";

const needs = [cgroup, controller("hugetlb")];

/** mmap(2) has another number on every architecture. */
const mmap: Readonly<Record<string, string>> = { x86_64: "9", aarch64: "222", riscv64: "222" };

/** 2MB, 1GB …, as the kernel names its files. */
function sizes({ cgroupFolder }: Place): readonly string[] {
  const names = readdirSync(dirname(cgroupFolder));
  return names.flatMap((name) => /^hugetlb\.(\d+[KMG]B)\.max$/.exec(name)?.[1] ?? []);
}

const countsReservations = (place: Place) =>
  sizes(place).some((size) => readAbove(place, `hugetlb.${size}.rsvd.max`));

/** Of the usual size, with its name and how many are free. */
function usualPages() {
  const text = readFileSync("/proc/meminfo", "utf8");
  const value = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  const kibibytes = value("Hugepagesize");
  const name =
    kibibytes < 1024
      ? `${kibibytes}KB`
      : kibibytes < 1024 ** 2
        ? `${kibibytes / 1024}MB`
        : `${kibibytes / 1024 ** 2}GB`;
  return { bytes: kibibytes * 1024, name, free: value("HugePages_Free") - value("HugePages_Rsvd") };
}

const limits = act({
  clauses: ["resources.huge-pages"],
  needs,
  run: async (stage) => {
    if (!countsReservations(stage.place)) throw new Skip("the kernel does not count reservations");
    const all = sizes(stage.place);
    const hugepageLimits = all.map((pageSize) => ({ pageSize, limit: 4 * 1024 ** 3 }));
    const container = stage.another({ "/linux/resources": { hugepageLimits } });
    await stage.begin({}, container);
    for (const size of all) {
      const file = `hugetlb.${size}.rsvd.max`;
      equal(file, limit(container, file), `${4 * 1024 ** 3}`);
    }
  },
});

const limitsReservation = act({
  clauses: ["resources.huge-pages"],
  needs,
  run: async (stage) => {
    if (!countsReservations(stage.place)) throw new Skip("the kernel does not count reservations");
    const { bytes, name, free } = usualPages();
    if (free < 2) throw new Skip("fewer than two huge pages are free (vm.nr_hugepages)");
    const number = mmap[stage.host.architecture];
    if (number === undefined) throw new Skip(`the suite does not know mmap of ${stage.host.architecture}`);
    // PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB
    const map = (length: number) => call(number, 0, length, 3, 0x40022, 0, 0);
    const hugepageLimits = [{ pageSize: name, limit: bytes }];
    const container = stage.another({ "/linux/resources": { hugepageLimits } });
    const { one, two } = await stage.observe({ one: map(bytes), two: map(2 * bytes) }, container);
    holds("a mapping of one page", one, "a success", one.errno === undefined && one.signal === null);
    equal("the errno of a mapping of two pages, with a limit of one", two.errno, "ENOMEM");
  },
});

const fallback = act({
  clauses: ["resources.huge-pages-fallback"],
  needs,
  run: async (stage) => {
    if (countsReservations(stage.place)) throw new Skip("the kernel counts reservations");
    const [size] = sizes(stage.place);
    const hugepageLimits = [{ pageSize: size, limit: 4 * 1024 ** 3 }];
    const container = stage.another({ "/linux/resources": { hugepageLimits } });
    await stage.begin({}, container);
    equal(`hugetlb.${size}.max`, limit(container, `hugetlb.${size}.max`), `${4 * 1024 ** 3}`);
  },
});

const refused = (entry: (size: string) => Readonly<Record<string, unknown>>) =>
  act({
    clauses: ["resources.huge-pages-required"],
    needs,
    run: async (stage) => {
      const [size = ""] = sizes(stage.place);
      stage.container.change({ "/linux/resources": { hugepageLimits: [entry(size)] } });
      await stage.expectRefusal("create");
    },
  });

export default {
  limit: limits,
  "limit-at-reservation": limitsReservation,
  fallback,
  "size-unknown": refuse({
    clauses: ["resources.huge-pages-size"],
    needs,
    change: { "/linux/resources": { hugepageLimits: [{ pageSize: "3MB", limit: 6_291_456 }] } },
  }),
  "no-size": refused(() => ({ limit: 4 * 1024 ** 3 })),
  "no-limit": refused((pageSize) => ({ pageSize })),
} satisfies Cases;
