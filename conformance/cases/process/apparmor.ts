// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from "node:child_process";
import { act, type Cases, refuse } from "../../case.ts";
import { equal, outcomeIs } from "../../expect.ts";
import { apparmor, program, root, without } from "../../needs.ts";
import { create, security } from "../../questions.ts";

/** Policies are the whole machine's: the name is this run's own. */
const name = `conformance-${process.pid}`;
const profile = `profile ${name} flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  signal,
  deny /tmp/forbidden w,
}
`;

function load(flag: "--replace" | "--remove"): void {
  const args = ["--skip-cache", flag];
  const { status, stderr, error } = spawnSync("apparmor_parser", args, { input: profile, encoding: "utf8" });
  if (status !== 0) throw new Error(`apparmor_parser ${flag}: ${stderr || error?.message}`);
}

const notLoaded = { "/process/apparmorProfile": "conformance-not-loaded" };

export default {
  confined: act({
    clauses: ["process.apparmor"],
    needs: [root, apparmor, program("apparmor_parser")],
    change: { "/process/apparmorProfile": name },
    run: async (stage) => {
      load("--replace");
      try {
        const seen = await stage.observe({
          security,
          allowed: create("/tmp/allowed"),
          forbidden: create("/tmp/forbidden"),
        });
        equal("the profile", seen.security.apparmor, `${name} (enforce)`);
        outcomeIs("creating a file that the profile allows", seen.allowed, "ok");
        outcomeIs("creating a file that it forbids", seen.forbidden, "EACCES");
      } finally {
        load("--remove");
      }
    },
  }),
  "not-loaded": refuse({
    clauses: ["process.apparmor-refused"],
    needs: [apparmor],
    at: "either",
    change: notLoaded,
  }),
  off: refuse({
    clauses: ["process.apparmor-refused"],
    needs: [without(apparmor, "AppArmor is enabled")],
    at: "either",
    change: notLoaded,
  }),
} satisfies Cases;
