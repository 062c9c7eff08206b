// SPDX-License-Identifier: Apache-2.0
// docker run in the foreground: exit codes, errors, streams.

import assert from "node:assert/strict";
import { expectMatch, expectResult } from "../../podman/tap.js";
import { image, shell } from "../docker.js";

export default function ({ add }, { docker, run, onTerminal }) {
  add("run exits with the command's exit code, output and errors apart", async () => {
    const result = await run(shell("", "echo out; echo err >&2; exit 5"));
    expectResult(result, 5, "out");
    assert.equal(result.err, "err\n");
  });

  add("run exits with 0, and -i hands standard input through", async () => {
    expectResult(await run(`-i ${image} cat`, { input: "some input\n" }), 0, "some input");
  });

  add("run -t gives a terminal of the size of the caller's", async () => {
    // Docker sets the size of a terminal that is in use already.
    const script =
      'tty; while [ -z "$(stty size 2>/dev/null)" ]; do sleep 0.2; done; stty size; test -t 0 && test -t 2';
    const line = `stty rows 31 cols 97; docker run --rm -it --network none ${image} sh -c '${script}'`;
    const result = await onTerminal(line);
    expectResult(result, 0);
    expectMatch(result, /\/dev\/(pts\/0|console)\r?\n/);
    expectMatch(result, /31 97/);
  });

  add("a command that is nowhere: 127, executable file not found", async () => {
    const result = await run(`${image} nosuchcommand`);
    expectResult(result, 127, "");
    expectMatch(
      result,
      /nosuchcommand.*executable file .*not found|executable file .*nosuchcommand.* not found/,
    );
  });

  add("a path that is nowhere: 127, no such file or directory", async () => {
    const result = await run(`${image} /no/such/command`);
    expectResult(result, 127, "");
    expectMatch(result, /\/no\/such\/command.*no such file or directory|no such file or directory/i);
  });

  add("a command that may not be executed: 126, permission denied", async () => {
    const result = await run(`${image} /etc/passwd`);
    expectResult(result, 126, "");
    expectMatch(result, /permission denied/i);
  });

  add("a folder over a file: Docker's hint that it is one", async () => {
    const result = await run(`-v /etc:/etc/passwd ${image} true`);
    expectResult(result, 125, "");
    expectMatch(result, /not a directory.*Are you trying to mount a directory onto a file/i);
  });

  add("what the runtime refuses: 125, and the value that is wrong", async () => {
    const result = await run(`--sysctl kernel.shmmax=banana ${image} true`);
    expectResult(result, 125, "");
    expectMatch(result, /invalid argument/i);
    expectMatch(result, /shmmax/);
  });

  add("a container that could not be created leaves nothing to remove by --rm", async () => {
    expectResult(await docker("ps -a -q --filter status=created"), 0, "");
  });
}
