// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { intelRdt, type ResctrlView } from "./intel-rdt.ts";

/** Texts as resctrl.rst shows them. */
const files: Readonly<Record<string, string>> = {
  "info/L3/cbm_mask": "fffff\n",
  "info/L3/min_cbm_bits": "1\n",
  "info/L3/num_closids": "16\n",
  "info/MB/bandwidth_gran": "10\n",
  "info/MB/delay_linear": "1\n",
  "info/MB/min_bandwidth": "10\n",
  "info/MB/num_closids": "8\n",
  "info/L3_MON/mon_features": "llc_occupancy\nmbm_total_bytes\nmbm_local_bytes\n",
  schemata: "    MB:0=100;1=100\n    L3:0=fffff;1=fffff\n",
  "gold/schemata": "    MB:0=20;1=70\n    L3:0=ff;1=c0\n",
  "gold/mon_data/mon_L3_00/llc_occupancy": "16384\n",
  "gold/mon_groups/c/mon_data/mon_L3_00/llc_occupancy": "8192\n",
  "gold/mon_groups/c/mon_data/mon_L3_00/mbm_total_bytes": "9007199254740993\n",
  "gold/mon_groups/c/mon_data/mon_L3_00/mbm_local_bytes": "Unavailable\n",
};

const view = (found: Readonly<Record<string, string>>): ResctrlView => ({
  read: (path) => found[path],
  list: (folder) => {
    const below = Object.keys(found).filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))];
  },
});

test("a class with a monitoring group has its schemata, the root's, and its own figures", () => {
  assert.equal(intelRdt(view(files), "res:gold\nmon:c\n"), {
    l3_cache_info: { cbm_mask: "fffff", min_cbm_bits: 1, num_closids: 16 },
    l3_cache_schema_root: "L3:0=fffff;1=fffff",
    l3_cache_schema: "L3:0=ff;1=c0",
    mem_bw_info: { bandwidth_gran: 10, delay_linear: 1, min_bandwidth: 10, num_closids: 8 },
    mem_bw_schema_root: "MB:0=100;1=100",
    mem_bw_schema: "MB:0=20;1=70",
    schemata: ["MB:0=20;1=70", "L3:0=ff;1=c0"],
    mbm_stats: [{ mbm_total_bytes: 9007199254740993n, mbm_local_bytes: 0 }],
    cmt_stats: [{ llc_occupancy: 8192 }],
  });
});

test("without a monitoring group the figures are the class's", () => {
  assert.equal(intelRdt(view(files), "res:gold\nmon:\n").cmt_stats, [{ llc_occupancy: 16384 }]);
});

test("the default class is the mount's root", () => {
  const { l3_cache_schema, mbm_stats } = intelRdt(view(files), "res:/\nmon:\n");
  assert.is(l3_cache_schema, "L3:0=fffff;1=fffff");
  assert.equal(mbm_stats, []);
});

test("a processor that only partitions its cache has nothing else; without resctrl there is nothing", () => {
  const found = Object.fromEntries(Object.entries(files).filter(([path]) => !/MB|MON|mon/.test(path)));
  assert.equal(Object.keys(intelRdt(view(found), "res:gold\nmon:\n")), [
    "l3_cache_info",
    "l3_cache_schema_root",
    "l3_cache_schema",
    "schemata",
  ]);
  for (const groups of ["res:\nmon:\n", "", undefined]) assert.equal(intelRdt(view(files), groups), {});
});

test.run();
