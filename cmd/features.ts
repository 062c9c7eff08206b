// SPDX-License-Identifier: Apache-2.0

import { command } from "./flags.ts";

export default command({
  name: "features",
  about: "show what runts can do, as JSON of the runtime-spec",
  arguments: [],
  flags: {},
  async run({ host }) {
    const { features } = await import("../lib/features.ts");
    host.write(1, `${JSON.stringify(features(host.version.seccomp), null, 2)}\n`);
    return 0;
  },
});
