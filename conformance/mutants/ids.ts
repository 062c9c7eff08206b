// SPDX-License-Identifier: Apache-2.0

/** IDs that are not taken as they are. */

import { afterDelete, inAll, say } from "./faults.ts";
import type { Mutant } from "./mutant.ts";

export const ids: readonly Mutant[] = [
  {
    name: "id-used-up",
    about: "The ID of a deleted container cannot be used again.",
    breaks: ["lifecycle.delete-frees-id"],
    fault: {
      create: (call) => {
        if (call.noted("deleted") === undefined) return call.real();
        say("this ID has been used");
        return 1;
      },
      ...afterDelete((call) => call.note("deleted", "")),
    },
  },
  {
    name: "taken-id-ok",
    about: "create with an ID in use says that all is well.",
    breaks: ["lifecycle.create-id-unique"],
    fault: { create: (call) => (call.state() ? 0 : call.real()) },
  },
  {
    name: "taken-id-kills",
    about: "create with an ID in use is an error, but ends the process of the other container.",
    breaks: ["lifecycle.create-id-unique"],
    fault: {
      create: (call) => {
        if (call.state()) call.other("kill", call.id, "KILL");
        return call.real();
      },
    },
  },
  {
    name: "taken-id-replaces",
    about: "create with an ID in use puts the new container into the other one's place.",
    breaks: ["lifecycle.create-id-unique"],
    fault: {
      create: (call) => {
        if (call.state()) call.other("delete", "--force", call.id);
        return call.real();
      },
    },
  },
  {
    name: "odd-ids-rewritten",
    about: "Characters of an ID that the runtime does not like are replaced.",
    breaks: ["lifecycle.create-id-valid"],
    fault: inAll((call) => {
      const id = call.id.replaceAll(/[^\w+.-]/g, "_");
      return call.real({ words: call.words.map((word) => (word === call.id ? id : word)) });
    }),
  },
  {
    name: "missing-id-ok",
    about: "An operation without an ID does nothing, and is no error.",
    breaks: [
      "lifecycle.start-needs-id",
      "lifecycle.kill-needs-id",
      "lifecycle.delete-needs-id",
      "state.needs-id",
    ],
    fault: inAll((call) => (call.id === "" ? 0 : call.real())),
  },
];
