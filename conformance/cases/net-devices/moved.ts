// SPDX-License-Identifier: Apache-2.0

import type { Case, Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { contains, equal, present } from "../../expect.ts";
import { held, holdNamespace, withNamespaces } from "../../instruments/namespaces.ts";
import { interfacesAt, ip, makeInterface, type Name, withInterfaces } from "../../instruments/network.ts";
import { path } from "../../needs.ts";
import { interfaces } from "../../questions.ts";
import type { Stage } from "../../stage/stage.ts";

type NetDevices = Readonly<Record<string, { readonly name?: string }>>;

const ownNetwork = withNamespaces({ type: "network" });

/** What the container sees, while the host no longer has what was moved. */
async function seenInside(stage: Stage, devices: NetDevices) {
  stage.container.change(ownNetwork, { "/linux/netDevices": devices });
  const seen = await stage.begin({ interfaces });
  const host = interfacesAt(stage.place);
  for (const name of Object.keys(devices)) equal(`interface ${name} on the host`, host[name], undefined);
  return seen.interfaces;
}

/** The interface `a` as it is in the container, with what had been done to it on the host. */
const kept = (
  clauses: readonly [ClauseId, ...ClauseId[]],
  commands: readonly string[],
  expect: (found: Awaited<ReturnType<typeof seenInside>>[string]) => void,
  needs: readonly Parameters<typeof path>[0][] = [],
): Case =>
  withInterfaces("a", { clauses, needs: needs.map(path) }, async (stage, name) => {
    for (const command of commands) ip(command.replaceAll("DEVICE", name("a")));
    const seen = await seenInside(stage, { [name("a")]: {} });
    expect(present(`interface ${name("a")} in the container`, seen[name("a")]));
  });

const addresses = (
  commands: readonly string[],
  expected: readonly string[],
  needs: readonly string[] = [],
): Case =>
  kept(
    ["net-devices.addresses"],
    commands,
    (found) => {
      for (const address of expected) contains("addresses of the interface", found.addresses, address);
    },
    needs,
  );

const sixth = "/proc/sys/net/ipv6";

/** In a namespace that has an interface `x0` before. */
const templateBesideOther: Case = withInterfaces(
  "a",
  { clauses: ["net-devices.template"] },
  async (stage, name) => {
    const inside = holdNamespace(stage.place, "network");
    stage.ownMounts();
    makeInterface(name("x0"), inside);
    const change = withNamespaces(held(stage.place, "network"));
    stage.container.change(change, { "/linux/netDevices": { [name("a")]: { name: name("x%d") } } });
    await stage.begin({ interfaces });
    const names = Object.keys(interfacesAt(stage.place, inside)).filter((word) => word.startsWith(name("")));
    equal("the case's interfaces in the namespace", names.toSorted(), [name("x0"), name("x1")]);
    equal(`interface ${name("a")} on the host`, interfacesAt(stage.place)[name("a")], undefined);
  },
);

const expectNames = (seen: Readonly<Record<string, unknown>>, name: Name, expected: readonly string[]) => {
  const names = Object.keys(seen).filter((word) => word.startsWith(name("")));
  equal("the case's interfaces in the container", names.toSorted(), expected.map(name));
};

export default {
  "same-name": withInterfaces(
    "a",
    { clauses: ["net-devices.moved", "net-devices.name"] },
    async (stage, name) => {
      expectNames(await seenInside(stage, { [name("a")]: {} }), name, ["a"]);
    },
  ),
  renamed: withInterfaces(
    "a",
    { clauses: ["net-devices.name", "net-devices.moved"] },
    async (stage, name) => {
      expectNames(await seenInside(stage, { [name("a")]: { name: name("x") } }), name, ["x"]);
    },
  ),
  several: withInterfaces(
    "abc",
    { clauses: ["net-devices.moved", "net-devices.name"] },
    async (stage, name) => {
      const devices = { [name("a")]: {}, [name("b")]: { name: name("x") }, [name("c")]: { name: name("y") } };
      expectNames(await seenInside(stage, devices), name, ["a", "x", "y"]);
    },
  ),
  // Names may change places when they are in different namespaces.
  swapped: withInterfaces("ab", { clauses: ["net-devices.name"] }, async (stage, name) => {
    ip(`link set ${name("a")} mtu 1401`);
    ip(`link set ${name("b")} mtu 1402`);
    const devices = { [name("a")]: { name: name("b") }, [name("b")]: { name: name("a") } };
    const seen = await seenInside(stage, devices);
    expectNames(seen, name, ["a", "b"]);
    equal(`MTU of ${name("b")}`, seen[name("b")]?.mtu, 1401);
  }),
  "joined-namespace": withInterfaces("a", { clauses: ["net-devices.moved"] }, async (stage, name) => {
    const inside = holdNamespace(stage.place, "network");
    stage.ownMounts();
    const change = withNamespaces(held(stage.place, "network"));
    stage.container.change(change, { "/linux/netDevices": { [name("a")]: {} } });
    const seen = await stage.begin({ interfaces });
    expectNames(seen.interfaces, name, ["a"]);
    expectNames(interfacesAt(stage.place, inside), name, ["a"]);
    expectNames(interfacesAt(stage.place), name, []);
  }),

  template: withInterfaces("a", { clauses: ["net-devices.template"] }, async (stage, name) => {
    expectNames(await seenInside(stage, { [name("a")]: { name: name("x%d") } }), name, ["x0"]);
  }),
  "template-twice": withInterfaces("ab", { clauses: ["net-devices.template"] }, async (stage, name) => {
    const devices = { [name("a")]: { name: name("x%d") }, [name("b")]: { name: name("x%d") } };
    expectNames(await seenInside(stage, devices), name, ["x0", "x1"]);
  }),
  "template-beside-other": templateBesideOther,

  "up-from-down": kept(["net-devices.up"], ["link set DEVICE down"], ({ up }) => equal("up", up, true)),
  "up-from-up": kept(["net-devices.up"], ["link set DEVICE up"], ({ up }) => equal("up", up, true)),

  mtu: kept(["net-devices.attributes"], ["link set DEVICE mtu 1432"], ({ mtu }) => equal("MTU", mtu, 1432)),
  // Whoever comes after the move must find the device, however much there is to be done to it.
  "before-sysctl": withInterfaces("a", { clauses: ["net-devices.moved"] }, async (stage, name) => {
    for (let i = 1; i <= 100; i++) ip(`address add 198.18.${i}.1/24 dev ${name("a")}`);
    stage.container.change({ "/linux/sysctl": { [`net.ipv4.conf.${name("a")}.forwarding`]: "1" } });
    const found = (await seenInside(stage, { [name("a")]: {} }))[name("a")];
    const there = found?.addresses.filter((address) => address.startsWith("198.18.")) ?? [];
    equal("how many of its 100 addresses are there", there.length, 100);
  }),
  "hardware-address": withInterfaces("a", { clauses: ["net-devices.attributes"] }, async (stage, name) => {
    const before = interfacesAt(stage.place)[name("a")]?.hardware;
    const seen = await seenInside(stage, { [name("a")]: {} });
    equal("hardware address", seen[name("a")]?.hardware, before);
  }),
  "ipv4-address": addresses(["link set DEVICE up", "address add 192.0.2.7/24 dev DEVICE"], ["192.0.2.7/24"]),
  "ipv4-addresses": addresses(
    [
      "address add 192.0.2.7/24 dev DEVICE",
      "address add 192.0.2.8/24 dev DEVICE",
      "address add 198.51.100.1/32 dev DEVICE",
    ],
    ["192.0.2.7/24", "192.0.2.8/24", "198.51.100.1/32"],
  ),
  // A down interface keeps its addresses.
  "ipv4-address-while-down": addresses(
    ["link set DEVICE down", "address add 203.0.113.5/28 dev DEVICE"],
    ["203.0.113.5/28"],
  ),
  "ipv6-addresses": addresses(
    [
      "link set DEVICE up",
      "-6 address add 2001:db8::7/64 dev DEVICE nodad",
      "-6 address add 2001:db8:1::1/128 dev DEVICE nodad",
    ],
    ["2001:db8::7/64", "2001:db8:1::1/128"],
    [sixth],
  ),
  "both-families": addresses(
    [
      "link set DEVICE up",
      "address add 192.0.2.9/25 dev DEVICE",
      "-6 address add 2001:db8::9/64 dev DEVICE nodad",
    ],
    ["192.0.2.9/25", "2001:db8::9/64"],
    [sixth],
  ),
} satisfies Cases;
