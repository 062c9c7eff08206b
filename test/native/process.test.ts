// SPDX-License-Identifier: Apache-2.0

// The properties of the program's process; config.md#process.

import { readFileSync, statSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Change, combine, shell } from "./bundle.ts";
import { newFolder } from "./files.ts";
import { expectNoLeaks, snapshot } from "./leaks.ts";
import { Runtime } from "./runtime.ts";

const before = snapshot();
const runtime = new Runtime();

/** The lines of /proc/self/status with these names, as the program sees them. */
function statusOf(names: readonly string[], ...changes: readonly Change[]): string[] {
  const text = runtime.inside("cat /proc/self/status", ...changes);
  return names.map((name) => new RegExp(`^${name}:\\s*(.*?)\\s*$`, "m").exec(text)?.[1] ?? `no ${name}`);
}

const setNames = ["CapBnd", "CapEff", "CapPrm", "CapInh", "CapAmb"];
const hex = (...bits: readonly number[]) =>
  bits
    .reduce((set, bit) => set | (1n << BigInt(bit)), 0n)
    .toString(16)
    .padStart(16, "0");
const [chown, kill, setuid] = [0, 5, 7];

test("each of the five capability sets is exactly what is asked for", () => {
  const sets = statusOf(setNames, ({ process }) => {
    process.capabilities = {
      bounding: ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"],
      effective: ["CAP_CHOWN", "CAP_KILL"],
      permitted: ["CAP_CHOWN", "CAP_KILL"],
      inheritable: ["CAP_KILL"],
      ambient: ["CAP_KILL"],
    };
  });
  // execve(2) of root recomputes: permitted is inheritable or bounding, since uid 0 counts as all file capabilities
  assert.equal(sets.slice(0, 1), [hex(chown, kill, setuid)]);
  assert.equal(sets.slice(3), [hex(kill), hex(kill)]);
});

test("an ordinary user has only the ambient capabilities after exec", () => {
  const sets = statusOf(setNames, ({ process }) => {
    process.user = { uid: 1000, gid: 1000 };
    process.capabilities = {
      bounding: ["CAP_CHOWN", "CAP_KILL"],
      effective: ["CAP_CHOWN", "CAP_KILL"],
      permitted: ["CAP_CHOWN", "CAP_KILL"],
      inheritable: ["CAP_KILL"],
      ambient: ["CAP_KILL"],
    };
  });
  assert.equal(sets, [hex(chown, kill), hex(kill), hex(kill), hex(kill), hex(kill)]);
});

test("without capabilities in the configuration there are none", () => {
  const sets = statusOf(setNames, ({ process }) => {
    delete process.capabilities;
  });
  assert.equal(
    sets,
    setNames.map(() => hex()),
  );
});

test("an unknown capability is a warning, and the container runs", () => {
  const { status, err } = runtime.run(({ process }) => {
    process.capabilities = { bounding: ["CAP_KILL", "CAP_OF_TOMORROW" as "CAP_KILL"] };
  });
  assert.is(status, 0);
  assert.match(err, /warning: .*\/process\/capabilities\/bounding\/1/);
});

test("uid, gid, additional groups and umask are set", () => {
  const out = runtime.inside("id -u; id -g; id -G; umask", ({ process }) => {
    process.user = { uid: 1000, gid: 1001, additionalGids: [5, 1002], umask: 0o027 };
  });
  assert.equal(out.split("\n"), ["1000", "1001", "1001 5 1002", "0027"]);
});

test("the annotation of crun keeps the groups of the caller, any value but 0", () => {
  const through = ["setpriv", "--groups", "4321,8765"];
  const groups = (annotations: Record<string, string>) => {
    const { status, out } = runtime.run(
      combine(shell("id -G"), (config) => {
        config.process.user = { uid: 1000, gid: 1001, additionalGids: [5] };
        config.annotations = annotations;
      }),
      { through },
    );
    assert.is(status, 0);
    return out.trimEnd();
  };
  const name = "run.oci.keep_original_groups";
  assert.is(groups({ [name]: "1" }), "1001 4321 8765");
  assert.is(groups({ [name]: "0" }), "1001 5");
  assert.is(groups({}), "1001 5");
});

test("in a user namespace, too, the groups of the caller are kept", () => {
  const { out } = runtime.run(
    combine(shell("grep Groups: /proc/self/status"), (config) => {
      config.annotations = { "run.oci.keep_original_groups": "1" };
      config.linux.namespaces.push({ type: "user" });
      config.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
      config.linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
    }),
    { through: ["setpriv", "--groups", "4321,100020"] },
  );
  // what is not mapped shows as the overflow id, but counts all the same
  assert.match(out, /^Groups:\s+20 65534|^Groups:\s+65534 20/);
});

test("a umask of 0 is a umask, and none given is 022", () => {
  assert.match(
    runtime.inside("umask", ({ process }) => {
      process.user = { uid: 0, gid: 0, umask: 0 };
    }),
    /^0*$/,
  );
  assert.is(runtime.inside("umask"), "0022");
});

test("a user id that is a name in the image's passwd file is a number all the same (CVE-2016-3697)", () => {
  const passwd = newFolder({ passwd: "1000:x:0:0::/:/bin/sh\n" });
  const out = runtime.inside("id -u", ({ process, mounts }) => {
    process.user = { uid: 1000, gid: 1000 };
    mounts.push({ destination: "/etc/passwd", source: `${passwd}/passwd`, options: ["bind"] });
  });
  assert.is(out, "1000");
});

test("noNewPrivileges is set when asked for and not otherwise", () => {
  for (const wanted of [true, false])
    assert.equal(
      statusOf(["NoNewPrivs"], ({ process }) => {
        process.noNewPrivileges = wanted;
      }),
      [wanted ? "1" : "0"],
    );
});

test("rlimits have the given soft and hard values, and an empty list changes none", () => {
  const out = runtime.inside("cat /proc/self/limits", ({ process }) => {
    process.rlimits = [
      { type: "RLIMIT_NOFILE", soft: 100, hard: 200 },
      { type: "RLIMIT_CORE", soft: 0, hard: 0 },
    ];
  });
  assert.match(out, /Max open files +100 +200 /);
  assert.match(out, /Max core file size +0 +0 /);
});

test("oomScoreAdj is set, and left alone when not given", () => {
  const own = readFileSync("/proc/self/oom_score_adj", "utf8").trim();
  const script = "cat /proc/self/oom_score_adj";
  assert.is(runtime.inside(script), own);
  assert.is(
    runtime.inside(script, ({ process }) => {
      process.oomScoreAdj = 321;
    }),
    "321",
  );
});

test("the working directory is made when it is missing", () => {
  const out = runtime.inside("pwd; stat -c %a .", ({ process }) => {
    process.cwd = "/run/made/for/this";
  });
  assert.is(out, "/run/made/for/this\n755");
});

test("a working directory that is a leaked descriptor of the host is refused (CVE-2024-21626)", () => {
  for (let fd = 3; fd < 40; fd++) {
    const { status, out } = runtime.run((config) => {
      config.process.cwd = `/proc/self/fd/${fd}`;
      config.process.args = ["ls", "../../../.."];
    });
    assert.is(out, "", `descriptor ${fd}`);
    assert.is(status, 1, `descriptor ${fd}`);
  }
});

test("the environment is what the configuration says, with HOME from the container's passwd file", () => {
  const env = ["PATH=/bin", "EMPTY=", "WITH=an=equals sign"];
  const set =
    (uid: number, variables: string[]): Change =>
    ({ process }) => {
      process.env = variables;
      process.user = { uid, gid: uid };
      process.args = ["env"];
    };
  const sorted = (text: string) => text.trimEnd().split("\n").sort();
  assert.equal(sorted(runtime.run(set(0, env)).out), [...env, "HOME=/root"].sort());
  assert.equal(sorted(runtime.run(set(65534, env)).out), [...env, "HOME=/nonexistent"].sort());
  assert.equal(sorted(runtime.run(set(4711, env)).out), [...env, "HOME=/"].sort());
  assert.equal(sorted(runtime.run(set(0, [...env, "HOME=/tmp"])).out), [...env, "HOME=/tmp"].sort());
});

test("of a variable that is there twice the last one counts, and an empty HOME is none", () => {
  const out = (...env: string[]) =>
    runtime
      .run(({ process }) => {
        process.env = env;
        process.args = ["env"];
      })
      .out.trimEnd();
  assert.is(out("A=1", "PATH=/nowhere", "A=", "PATH=/bin", "HOME=/x", "HOME="), "A=\nPATH=/bin\nHOME=/root");
  assert.is(out("PATH=/bin", "HOME=", "HOME=/x"), "PATH=/bin\nHOME=/x");
});

test("a program without a slash is searched for in PATH of the container, as execvp does", () => {
  const folder = newFolder();
  const withPath =
    (path: string | undefined, ...args: string[]): Change =>
    ({ process, mounts }) => {
      process.env = path === undefined ? [] : [`PATH=${path}`];
      process.args = args;
      mounts.push({ destination: "/empty", source: folder, options: ["bind"] });
    };
  assert.is(runtime.run(withPath("/empty:/bin", "echo", "found")).out, "found\n");
  assert.is(runtime.run(withPath(undefined, "echo", "found")).out, "found\n", "the default path");
  assert.match(
    runtime.refuses(withPath("/empty", "echo")),
    /exec: "echo": executable file not found in \$PATH/,
  );
});

test("a program that is missing or cannot be executed fails in the words that engines look for", () => {
  const named =
    (...args: string[]): Change =>
    ({ process }) => {
      process.args = args;
    };
  assert.match(
    runtime.refuses(named("/bin/missing")),
    /exec: "\/bin\/missing": stat .*no such file or directory/,
  );
  assert.match(runtime.refuses(named("/etc/passwd")), /exec: "\/etc\/passwd": permission denied/);
  assert.match(runtime.refuses(named("/etc")), /exec: "\/etc": is a directory: permission denied/);
  assert.match(runtime.refuses(named("/etc/passwd/x")), /exec: "\/etc\/passwd\/x": stat .*not a directory/);
});

test("the program has the session keyring of its own that is named after the container", () => {
  assert.match(runtime.inside("cat /proc/keys || true"), /_ses\.rt/);
});

test("files on standard streams keep their owner, pipes get the program's", () => {
  const folder = newFolder({ log: "" });
  const { status } = runtime.call(["list"], {
    through: ["sh", "-c", `exec 3>${folder}/log; "$@" >&3`, "sh"],
  });
  assert.is(status, 0);
  runtime.run(
    ({ process }) => {
      process.user = { uid: 1000, gid: 1000 };
    },
    { through: ["sh", "-c", `exec "$@" >>${folder}/log 2>&1 <${folder}/log`, "sh"] },
  );
  assert.is(statSync(`${folder}/log`).uid, 0);
});

test("nothing is left behind", () => expectNoLeaks(before));

test.run();
