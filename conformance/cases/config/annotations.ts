// SPDX-License-Identifier: Apache-2.0

import { act, type Case, type Cases, refuse } from "../../case.ts";
import type { ClauseId } from "../../catalogue/index.ts";
import { equal } from "../../expect.ts";
import { names } from "../../questions.ts";

/** The container runs as without them, and its state has them as they are (runtime.md#state). */
const accepted = (clause: ClauseId, annotations: Readonly<Record<string, string>> | undefined): Case =>
  act({
    clauses: [clause],
    change: { "/annotations": annotations },
    run: async (stage) => {
      const seen = await stage.begin({ names });
      equal("hostname", seen.names.hostname, "conformance");
      if (!annotations) return;
      const { annotations: shown = {} } = await stage.container.state();
      const ours = Object.keys(annotations).map((key) => [key, shown?.[key]]);
      equal("annotations of the state", Object.fromEntries(ours), annotations);
    },
  });

const refused = (clause: ClauseId, annotations: unknown): Case =>
  refuse({ clauses: [clause, "config.invalid-values"], change: { "/annotations": annotations } });

const image = {
  os: "linux",
  "os.version": "6.1",
  "os.features": "a,b",
  architecture: "amd64",
  variant: "v3",
  author: "Somebody <somebody@example.com>",
  created: "2025-01-02T03:04:05Z",
  stopSignal: "SIGTERM",
};

export default {
  "any-text": accepted("config.annotations", {
    "com.example.key": "value",
    "no dots, but blanks": 'lines\nand "quotes" and \\',
    "com.example.größe/日本": "😀\t{}",
  }),
  absent: accepted("config.annotations-none", undefined),
  "empty-map": accepted("config.annotations-none", {}),
  "empty-value": accepted("config.annotations-empty-value", { "com.example.empty": "" }),
  image: accepted(
    "config.annotations-image",
    Object.fromEntries(
      Object.entries(image).map(([key, value]) => [`org.opencontainers.image.${key}`, value]),
    ),
  ),
  unknown: accepted("config.annotations-unknown", {
    "org.opencontainers.conformance": "x",
    "org.opencontainers.image.conformance": "x",
    "com.example.conformance": "x",
  }),
  list: refused("config.annotations-map", ["com.example.key=value"]),
  text: refused("config.annotations-map", "com.example.key=value"),
  "empty-key": refused("config.annotations-empty-key", { "": "value" }),
  "number-value": refused("config.annotations-text-values", { "com.example.key": 5 }),
  "object-value": refused("config.annotations-text-values", { "com.example.key": { a: "b" } }),
} satisfies Cases;
