// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from "node:fs";
import { act, type Case, type Cases, type Change, type Need } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { contains, equal, holds, present, Skip } from "../../expect.ts";
import {
  gidMappings,
  idmapNeeds,
  owned,
  ownedMount,
  prepareOwned,
  uidMappings,
} from "../../instruments/idmaps.ts";
import { bringTo } from "../../instruments/life.ts";
import { withNamespaces } from "../../instruments/namespaces.ts";
import { withInterfaces } from "../../instruments/network.ts";
import { resctrl, schemaText, whole } from "../../instruments/resctrl.ts";
import { switchAt } from "../../instruments/structure.ts";
import { rules, subject } from "../../instruments/syscall-filter.ts";
import { apparmor, cgroup, controller, selinux } from "../../needs.ts";
import { interfaces, lstat, security } from "../../questions.ts";
import type { Container } from "../../stage/container.ts";
import type { Place } from "../../stage/place.ts";
import type { Stage } from "../../stage/stage.ts";

interface Claim {
  readonly clause: ClauseId;
  readonly pointer: string;
  /** A config that uses the feature. */
  readonly change: Change | ((place: Place) => Change);
  /** What the host must have for it to work. */
  readonly needs?: readonly Need[];
  /** What it must have even to see that it is refused. */
  readonly anyway?: readonly Need[];
  /** What is seen where it works; else a container that runs is enough. */
  readonly look?: (stage: Stage, container: Container) => Promise<void>;
  readonly prepare?: (place: Place) => void;
}

/** Switched on, it can be used; switched off, the config that asks for it is refused, and not obeyed in part. */
const claim = ({ clause, pointer, change, needs = [], anyway = [], look, prepare }: Claim): Case =>
  act({
    clauses: [clause],
    needs: anyway,
    ...(prepare ? { prepare } : {}),
    run: async (stage) => {
      const isOn = await switchAt(stage, pointer);
      const missing = needs.map((need) => need(stage.host)).find((reason) => reason !== undefined);
      if (isOn && missing !== undefined) throw new Skip(missing);
      stage.container.change(typeof change === "function" ? change(stage.place) : change);
      if (!isOn) return stage.expectRefusal("create");
      if (look) await look(stage, stage.container);
      else await stage.observe({});
    },
  });

async function isInCgroup(stage: Stage, container: Container): Promise<void> {
  await bringTo("created", stage);
  const members = readFileSync(`${stage.place.cgroupFolder}/cgroup.procs`, "utf8").split("\n");
  contains("processes in the cgroup", members, String(container.pid));
}

async function runsFiltered(stage: Stage): Promise<void> {
  equal("mode of seccomp", (await stage.observe({ security })).security.seccomp, 2);
}

/** A runtime that recognizes the mappings may know them for some mounts only, but does not pass over them. */
async function mapsOwners(stage: Stage, container: Container): Promise<void> {
  const file = owned(5);
  stage.ask({ file, folder: lstat("/m") });
  const created = await container.tryCreate();
  if (created.code !== 0) return;
  await container.start();
  await container.ended();
  const seen = await stage.answers({ file, folder: lstat("/m") });
  holds("owner of a file of 5 in the mount with mappings", seen.file?.uid, "another", seen.file?.uid !== 5);
}

const className = ({ cgroup: path }: Place) => path.replaceAll("/", "-").slice(1);
const rdmaDevice = (): string | undefined => {
  try {
    return readdirSync("/sys/class/infiniband")[0];
  } catch {
    return undefined;
  }
};
const rdma: Need = () => (rdmaDevice() === undefined ? "the host has no RDMA device" : undefined);

const inResctrl = (clause: ClauseId, pointer: string, properties: (place: Place) => Change): Case =>
  claim({
    clause,
    pointer,
    needs: [resctrl],
    change: (place) => ({ "/linux/intelRdt/closID": className(place), ...properties(place) }),
  });

/** What everybody has; where there is no resctrl, a line that is right by its form. */
function schemata({ host }: Place): readonly string[] {
  if (resctrl(host) !== undefined) return ["L3:0=f"];
  return (["L3", "MB"] as const)
    .filter((name) => whole(name).size > 0)
    .map((name) => schemaText(name, whole(name)));
}

export default {
  seccomp: claim({
    clause: "features.seccomp-enabled",
    pointer: "/linux/seccomp/enabled",
    change: rules({ names: [subject], action: "SCMP_ACT_ERRNO" }),
    look: runsFiltered,
  }),
  "cgroup-v2": claim({
    clause: "features.cgroup-v2",
    pointer: "/linux/cgroup/v2",
    needs: [cgroup],
    change: { "/linux/resources": {} },
    look: isInCgroup,
  }),
  "cgroup-rdma": claim({
    clause: "features.cgroup-rdma",
    pointer: "/linux/cgroup/rdma",
    needs: [controller("rdma"), rdma],
    change: () => ({ "/linux/resources": { rdma: { [rdmaDevice() ?? "mlx5_0"]: { hcaHandles: 1 } } } }),
  }),
  apparmor: claim({
    clause: "features.apparmor",
    pointer: "/linux/apparmor/enabled",
    needs: [apparmor],
    change: { "/process/apparmorProfile": "unconfined" },
  }),
  selinux: claim({
    clause: "features.selinux",
    pointer: "/linux/selinux/enabled",
    needs: [selinux],
    change: { "/process/selinuxLabel": "system_u:system_r:container_t:s0" },
  }),
  "intel-rdt": inResctrl("features.intel-rdt", "/linux/intelRdt/enabled", () => ({})),
  "intel-rdt-schemata": inResctrl("features.intel-rdt-schemata", "/linux/intelRdt/schemata", (place) => ({
    "/linux/intelRdt/schemata": schemata(place),
  })),
  "intel-rdt-monitoring": inResctrl("features.intel-rdt-monitoring", "/linux/intelRdt/monitoring", () => ({
    "/linux/intelRdt/enableMonitoring": true,
  })),
  idmap: claim({
    clause: "features.idmap",
    pointer: "/linux/mountExtensions/idmap/enabled",
    anyway: idmapNeeds,
    prepare: prepareOwned(5),
    change: (place) => ownedMount("bind")(place, { uidMappings, gidMappings }),
    look: mapsOwners,
  }),
  "net-devices": withInterfaces("a", { clauses: ["features.net-devices"] }, async (stage, name) => {
    const isOn = await switchAt(stage, "/linux/netDevices/enabled");
    const ownNetwork = withNamespaces({ type: "network" });
    stage.container.change(ownNetwork, { "/linux/netDevices": { [name("a")]: {} } });
    if (!isOn) return stage.expectRefusal("create");
    const seen = await stage.begin({ interfaces });
    present("the interface in the container", seen.interfaces[name("a")]);
  }),
} satisfies Cases;
