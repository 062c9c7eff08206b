// SPDX-License-Identifier: Apache-2.0

import { act, type Cases, observe } from "../../case.ts";
import { equal } from "../../expect.ts";
import { descriptors } from "../../questions.ts";

const standard = [0, 1, 2];

export default {
  standard: observe({
    clauses: ["lifecycle.descriptors"],
    ask: { descriptors },
    expect: (seen) =>
      equal(
        "open descriptors of the program",
        seen.descriptors.map(({ fd }) => fd),
        standard,
      ),
  }),

  /** What the runtime's caller has open is none of the program's business. */
  "of-the-caller": act({
    clauses: ["lifecycle.descriptors"],
    run: async (stage) => {
      const { container, place } = stage;
      stage.ask({ descriptors });
      const config = `${place.bundle}/config.json`;
      await container.create([], { descriptors: [config, "/", config, config] });
      await container.start();
      await container.ended();
      const seen = await stage.answers({ descriptors });
      equal(
        "open descriptors of the program",
        seen.descriptors.map(({ fd }) => fd),
        standard,
      );
    },
  }),
} satisfies Cases;
