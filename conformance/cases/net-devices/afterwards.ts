// SPDX-License-Identifier: Apache-2.0

import type { Cases } from "../../case.ts";
import { equal, present } from "../../expect.ts";
import { stop } from "../../instruments/life.ts";
import { held, holdNamespace, withNamespaces } from "../../instruments/namespaces.ts";
import { interfacesAt, ip, withInterfaces } from "../../instruments/network.ts";
import { interfaces } from "../../questions.ts";

export default {
  unmanaged: withInterfaces("a", { clauses: ["net-devices.unmanaged"] }, async (stage, name) => {
    const { container } = stage;
    const asked = { interfaces };
    container.change(withNamespaces({ type: "network" }), { "/linux/netDevices": { [name("a")]: {} } });
    stage.ask(asked);
    await container.create();
    const inside = `/proc/${container.pid}/ns/net`;
    present(`interface ${name("a")} in the container`, interfacesAt(stage.place, inside)[name("a")]);
    ip(`link set ${name("a")} down`, inside);
    ip(`link set ${name("a")} name ${name("z")} mtu 1333`, inside);
    await container.start();
    await container.ended();
    const seen = (await stage.answers(asked)).interfaces;
    const { up, mtu } = seen[name("z")] ?? {};
    equal(
      `interface ${name("z")}, down, renamed and given an MTU before start`,
      { up, mtu },
      { up: false, mtu: 1333 },
    );
    await container.delete();
  }),

  // Somebody else's namespace goes on when the container is gone.
  "joined-namespace": withInterfaces(
    "a",
    { clauses: ["net-devices.not-moved-back"] },
    async (stage, name) => {
      const inside = holdNamespace(stage.place, "network");
      stage.ownMounts();
      const devices = { [name("a")]: { name: name("x") } };
      stage.container.change(withNamespaces(held(stage.place, "network")), { "/linux/netDevices": devices });
      await stage.begin({});
      const own = (namespace?: string) =>
        Object.keys(interfacesAt(stage.place, namespace)).filter((word) => word.startsWith(name("")));
      equal("the case's interfaces in the namespace, while the container runs", own(inside), [name("x")]);
      await stop(stage.container);
      equal("the case's interfaces in the namespace, when it has stopped", own(inside), [name("x")]);
      await stage.container.delete();
      equal("the case's interfaces in the namespace after delete", own(inside), [name("x")]);
      equal("the case's interfaces on the host after delete", own(), []);
    },
  ),

  // The kernel destroys virtual interfaces with their namespace: there is nothing for the host to get back.
  "own-namespace": withInterfaces("a", { clauses: ["net-devices.not-moved-back"] }, async (stage, name) => {
    stage.container.change(withNamespaces({ type: "network" }), { "/linux/netDevices": { [name("a")]: {} } });
    await stage.begin({});
    const own = () => Object.keys(interfacesAt(stage.place)).filter((word) => word.startsWith(name("")));
    equal("the case's interfaces on the host, while the container runs", own(), []);
    await stop(stage.container);
    await stage.container.delete();
    equal("the case's interfaces on the host after delete", own(), []);
  }),
} satisfies Cases;
