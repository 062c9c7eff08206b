// SPDX-License-Identifier: Apache-2.0
// docker build with the classic builder: each RUN is a container of the default runtime.

import { mkdirSync, writeFileSync } from "node:fs";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { image } from "../docker.js";

const dockerfile = `FROM ${image}
ENV WORD=built
COPY file /copied
RUN test "$(cat /copied)" = words && echo "$WORD" >/made
RUN echo "someone:x:1000:1000::/tmp:/bin/sh" >>/etc/passwd
USER someone
WORKDIR /tmp
CMD ["sh", "-c", "cat /made; id -un; pwd"]
`;

export default function ({ add }, { docker, run, scratch }) {
  add("build with the classic builder, and run what was built", async () => {
    const context = `${scratch}/context`;
    mkdirSync(context);
    writeFileSync(`${context}/Dockerfile`, dockerfile);
    writeFileSync(`${context}/file`, "words\n");
    expectResult(await docker(`build --network none -t built ${context}`), 0);
    expectResult(await run("built"), 0, "built\nsomeone\n/tmp");
    expectResult(await docker("rmi built"), 0);
  });

  add("a RUN that fails ends the build with its exit code", async () => {
    const failing = await docker("build --network none -", { input: `FROM ${image}\nRUN exit 6\n` });
    expectResult(failing, 6);
    expectMatch(failing, /returned a non-zero code: 6/);
    // it leaves that container for whom it may interest
    const { lines } = await docker("ps -a -q --filter status=exited --filter exited=6");
    for (const id of lines.filter(Boolean)) await docker(`rm ${id}`);
  });
}
