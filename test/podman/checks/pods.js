// SPDX-License-Identifier: Apache-2.0
// Containers that share namespaces and a cgroup: pods, by hand and from a file of Kubernetes'.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { image, shell } from "../podman.js";
import { expectMatch, expectResult, Skip } from "../tap.js";

/** What Podman makes the image of its pause container from. */
const catatonit = "/usr/libexec/podman/catatonit";

export default function ({ add }, { podman, scratch }) {
  add("a pod: shared network, names and queues, its own cgroup; stop, start, pause, rm", async () => {
    if (!existsSync(catatonit)) throw new Skip("catatonit is not installed");
    const shared = "--share net,uts,ipc,pid --hostname grouped --network none";
    expectResult(await podman(`pod create --name grouped ${shared}`), 0);
    const serve = "echo $HOSTNAME; mkdir /www; echo page > /www/index.html; exec httpd -f -p 8080 -h /www";
    expectResult(await podman(["run", "-d", "--name", "serving", ...shell("--pod grouped", serve)]), 0);
    const script = `for i in 1 2 3 4 5 6 7 8 9; do wget -q -O - http://127.0.0.1:8080/ && break; sleep 1; done
      hostname; ps -o args | grep -c '[h]ttpd'; cat /proc/1/comm`;
    const asked = await podman(["run", "--rm", ...shell("--pod grouped", script)]);
    expectResult(asked, 0, "page\ngrouped\n1\ncatatonit");

    const cgroup = await podman(["pod", "inspect", "--format", "{{.CgroupPath}}", "grouped"]);
    expectMatch(await podman(["exec", "serving", "cat", "/proc/self/cgroup"]), /^0::\/\S*$/m);
    assert.ok(existsSync(`/sys/fs/cgroup/${cgroup.out.trim()}`), cgroup.out);

    const state = async () =>
      (await podman(["pod", "inspect", "--format", "{{.State}}", "grouped"])).out.trim();
    expectResult(await podman("pod pause grouped"), 0);
    assert.equal(await state(), "Paused");
    expectResult(await podman("pod unpause grouped"), 0);
    expectMatch(await podman("pod top grouped pid args"), /httpd -f/);
    expectResult(await podman("pod stop -t 0 grouped"), 0);
    assert.equal(await state(), "Exited");
    expectResult(await podman("pod start grouped"), 0);
    assert.equal(await state(), "Running");
    expectResult(await podman("pod rm -f -t 0 grouped"), 0);
    assert.ok(!existsSync(`/sys/fs/cgroup/${cgroup.out.trim()}`), `${cgroup.out} is still there`);
  });

  add("play kube: two containers, an init container, a volume, limits, a probe; and down again", async () => {
    if (!existsSync(catatonit)) throw new Skip("catatonit is not installed");
    const file = `${scratch}/volume/pod.json`;
    writeFileSync(file, JSON.stringify(kubePod()));
    expectResult(await podman(`play kube --network none ${file}`), 0);
    const read = await podman(["exec", "played-reader", "cat", "/shared/file", "/sys/fs/cgroup/memory.max"]);
    expectResult(read, 0, "from before\n67108864");
    expectResult(await podman(["exec", "played-writer", "id", "-u"]), 0, "7");
    expectResult(await podman(["exec", "played-writer", "touch", "/file"]), 1, "");
    expectResult(await podman(`play kube --down ${file}`), 0);
    expectResult(await podman("volume rm -f played-shared"), 0);
  });
}

function kubePod() {
  const mounts = [{ name: "shared", mountPath: "/shared" }];
  const container = (name, script, more) => ({
    name,
    image,
    imagePullPolicy: "Never",
    command: ["sh", "-c", script],
    volumeMounts: mounts,
    ...more,
  });
  const wait = "trap exit TERM; while :; do sleep 0.2; done";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "played" },
    spec: {
      initContainers: [container("first", "echo from before > /shared/file")],
      containers: [
        container("reader", wait, {
          resources: { limits: { memory: "64Mi", cpu: "500m" } },
          livenessProbe: { exec: { command: ["true"] }, periodSeconds: 3600 },
        }),
        container("writer", wait, {
          securityContext: { runAsUser: 7, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        }),
      ],
      volumes: [{ name: "shared", emptyDir: {} }],
    },
  };
}
