// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section } from "./clause.ts";

export const state = chapter(
  "State",
  section(
    "runtime.md#state",
    must(
      "state.oci-version",
      "ociVersion is there and names the version of the runtime-spec that the state complies with.",
    ),
    must("state.id", "id is there and is the container's ID."),
    must(
      "state.id-unique",
      "No two containers of a host have the same ID.",
      "The create operation, which alone could enforce it, is bound to one runtime's scope only (lifecycle.create-id-unique); what lies outside a runtime cannot see.",
    ),
    must("state.creating", "While the create operation is under way, status is creating."),
    must(
      "state.created",
      "Once create has ended and until the program runs or the process exits, status is created.",
    ),
    must("state.running", "While the container process runs the program, status is running."),
    must("state.stopped", "Once the container process has exited, status is stopped."),
    must(
      "state.other-status",
      "A status other than these four stands for a state that none of them describes, and never in place of one of them.",
    ),
    must(
      "state.pid",
      "pid is there while status is created or running, and is the ID of the container process as the runtime sees it.",
    ),
    must(
      "state.pid-runtime-hooks",
      "For hooks in the runtime namespace pid is the process ID as the runtime sees it.",
    ),
    must(
      "state.pid-container-hooks",
      "For hooks in the container namespace pid is the process ID as the container sees it.",
    ),
    must("state.bundle", "bundle is there and is the absolute path of the bundle's directory."),
    must("state.annotations", "annotations holds the container's annotations."),
    must(
      "state.no-annotations",
      "Of a container without annotations the property is missing or an empty object, and nothing else.",
    ),
    may(
      "state.more-properties",
      "The state may have properties of the runtime's own.",
      "Both a state with and one without such properties are right; state.schema holds either way.",
    ),
    must("state.schema", "As JSON the state is valid by the spec's state-schema.json."),
  ),
  section(
    "runtime.md#query-state",
    must("state.needs-id", "A query without an ID is an error."),
    must(
      "state.unknown-id",
      "A query for a container that does not exist, or no longer exists, is an error.",
    ),
    must("state.query", "A query returns the container's state with the properties described for it."),
  ),
);
