// SPDX-License-Identifier: Apache-2.0

import type { Case, Cases } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { contains, equal } from "../../expect.ts";
import { held, holdNamespace, withNamespaces } from "../../instruments/namespaces.ts";
import { interfacesAt, ip, makeInterface, type Name, withInterfaces } from "../../instruments/network.ts";

type NetDevices = Readonly<Record<string, { readonly name?: string }>>;

/** Afterwards the host has its interfaces as before. */
const refused = (clause: ClauseId, letters: string, devices: (name: Name) => NetDevices): Case =>
  withInterfaces(letters, { clauses: [clause, "lifecycle.error-undone"] }, async (stage, name) => {
    stage.container.change(withNamespaces({ type: "network" }), { "/linux/netDevices": devices(name) });
    await stage.expectRefusal("create");
    const names = Object.keys(interfacesAt(stage.place)).filter((word) => word.startsWith(name("")));
    equal("the case's interfaces on the host after the refusal", names.toSorted(), [...letters].map(name));
  });

const badName = (word: string): Case =>
  refused("net-devices.name-valid", "a", (name) => ({ [name("a")]: { name: word } }));

export default {
  missing: refused("net-devices.check", "", (name) => ({ [name("a")]: {} })),
  // What comes before the missing one is moved back, or has not been moved.
  "one-missing": refused("net-devices.check", "a", (name) => ({ [name("a")]: {}, [name("b")]: {} })),
  // The kernel binds it to its namespace.
  loopback: refused("net-devices.check", "", (name) => ({ lo: { name: name("x") } })),

  // They are where they are to go, and nothing is to be done to them.
  "own-namespace": withInterfaces(
    "a",
    { clauses: ["net-devices.check", "lifecycle.error-undone"] },
    async (stage, name) => {
      const path = "/proc/self/ns/net";
      stage.container.change(withNamespaces({ type: "network", path }), {
        "/linux/netDevices": { [name("a")]: { name: name("x") } },
      });
      await stage.expectRefusal("create");
      const names = Object.keys(interfacesAt(stage.place)).filter((word) => word.startsWith(name("")));
      equal("the case's interfaces on the host after the refusal", names, [name("a")]);
    },
  ),

  "name-of-loopback": refused("net-devices.conflict", "a", (name) => ({ [name("a")]: { name: "lo" } })),
  "name-twice": refused("net-devices.conflict", "ab", (name) => ({
    [name("a")]: { name: name("x") },
    [name("b")]: { name: name("x") },
  })),
  "name-in-joined-namespace": withInterfaces(
    "a",
    { clauses: ["net-devices.conflict", "lifecycle.error-undone"] },
    async (stage, name) => {
      const inside = holdNamespace(stage.place, "network");
      stage.ownMounts();
      makeInterface(name("x"), inside);
      const change = withNamespaces(held(stage.place, "network"));
      stage.container.change(change, { "/linux/netDevices": { [name("a")]: { name: name("x") } } });
      await stage.expectRefusal("create");
      const own = (namespace?: string) =>
        Object.keys(interfacesAt(stage.place, namespace)).filter((word) => word.startsWith(name("")));
      equal("the case's interfaces on the host after the refusal", own(), [name("a")]);
      equal("the case's interfaces in the namespace after the refusal", own(inside), [name("x")]);
    },
  ),

  // Something else goes wrong when the device has been moved already.
  "given-back": withInterfaces(
    "a",
    { clauses: ["lifecycle.error-undone", "net-devices.moved"] },
    async (stage, name) => {
      ip(`link set ${name("a")} up mtu 1444`);
      ip(`address add 192.0.2.44/24 dev ${name("a")}`);
      ip(`address add 192.0.2.77/32 scope link dev ${name("a")}`);
      stage.container.change(withNamespaces({ type: "network" }), {
        "/linux/netDevices": { [name("a")]: { name: name("x") } },
        "/hooks": { createRuntime: [{ path: "/bin/false" }] },
      });
      await stage.expectRefusal("create");
      const { up, mtu, addresses = [] } = interfacesAt(stage.place)[name("a")] ?? {};
      equal(`${name("a")} on the host after the refusal`, { up, mtu }, { up: true, mtu: 1444 });
      contains("its addresses", addresses, "192.0.2.44/24");
      contains("its addresses", addresses, "192.0.2.77/32");
    },
  ),

  "name-too-long": badName("sixteen-letters-"),
  "name-with-slash": badName("a/b"),
  "name-with-blank": badName("a b"),
  "name-of-dots": badName(".."),
} satisfies Cases;
