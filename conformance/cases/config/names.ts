// SPDX-License-Identifier: Apache-2.0

/** hostname and domainname, which the same two calls set in the same namespace. */

import { readFileSync } from "node:fs";
import { act, type Case, type Cases, observe, refuse } from "../../case.ts";
import { equal, Skip } from "../../expect.ts";
import { held, holdNamespace, withNamespaces, withoutNamespace } from "../../instruments/namespaces.ts";
import { program } from "../../needs.ts";
import { names } from "../../questions.ts";

type Name = "hostname" | "domainname";

const ofHost = (name: Name) => readFileSync(`/proc/sys/kernel/${name}`, "utf8").trim();

const own = (name: Name): Case =>
  observe({
    clauses: [`config.${name}`, `config.${name}-namespace`],
    change: { [`/${name}`]: "inside.example" },
    ask: { names },
    expect: (seen) => {
      equal(name, seen.names[name], "inside.example");
      equal(`whether the ${name} of the host is that one, too`, ofHost(name) === "inside.example", false);
    },
  });

const joined = (name: Name): Case =>
  observe({
    clauses: [`config.${name}`, `config.${name}-namespace`],
    needs: [program("unshare")],
    prepare: (place) => void holdNamespace(place, "uts"),
    change: (place) => ({ ...withNamespaces(held(place, "uts")), [`/${name}`]: "joined.example" }),
    ask: { names },
    expect: (seen) => {
      equal(name, seen.names[name], "joined.example");
      equal(`whether the ${name} of the host is that one, too`, ofHost(name) === "joined.example", false);
    },
  });

/** create is called in a UTS namespace of its own, which the container gets, and whose names may change. */
const ofRuntime = (name: Name): Case =>
  act({
    clauses: [`config.${name}-runtime-namespace`],
    needs: [program("unshare")],
    change: { ...withoutNamespace("uts"), [`/${name}`]: "runtime.example" },
    run: async (stage) => {
      const { container, runtime } = stage;
      const { bundle, scratch } = container.place;
      const asked = { names };
      stage.ask(asked);
      const create = ["create", "--bundle", bundle, "--pid-file", `${scratch}.pid`, container.id];
      const words = ["--uts", runtime.command, "--root", runtime.root, ...create];
      const script = `exec unshare "$@" > "${scratch}.out" 2> "${scratch}.err"`;
      const { child } = stage.helper("sh", "-c", script, "sh", ...words);
      await container.until("the end of create", () => child.exitCode !== null || child.signalCode !== null);
      if (child.exitCode !== 0)
        throw new Skip(`no ${name} without a UTS namespace: ${container.errors.trim()}`);
      container.exists = true;
      await container.start();
      await container.ended();
      const seen = await stage.answers(asked);
      await container.delete();
      equal(name, seen.names[name], "runtime.example");
    },
  });

const tooLong = (name: Name): Case =>
  refuse({
    clauses: ["config.unsupported-values", `config.${name}`],
    change: { [`/${name}`]: "x".repeat(65) },
  });

export default Object.fromEntries(
  (["hostname", "domainname"] as const).flatMap((name) => [
    [name, own(name)] as const,
    [`${name}-of-joined-namespace`, joined(name)] as const,
    [`${name}-of-runtime`, ofRuntime(name)] as const,
    [`${name}-too-long`, tooLong(name)] as const,
  ]),
) satisfies Cases;
