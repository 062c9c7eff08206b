// SPDX-License-Identifier: Apache-2.0

import type { Json } from "../../../lib/host.ts";
import type { Broken } from "../broken.ts";

/** The base has pid, ipc, uts, mount, cgroup, network, in this order. */
const joined = (at: number, type: string, path: string) => ({ [`/linux/namespaces/${at}`]: { type, path } });
const map = (size: number, hostID = 100000): Json => [{ containerID: 0, hostID, size }];
const ids = (size: number, hostID?: number) => ({
  "/linux/namespaces/-": { type: "user" },
  "/linux/uidMappings": map(size, hostID),
  "/linux/gidMappings": map(size, hostID),
});

export const isolation: readonly Broken[] = [
  {
    what: "a namespace whose process is gone",
    edits: joined(5, "network", "/proc/4194399/ns/net"),
    cause: /process 4194399.*(gone|ended)|\/proc\/4194399 does not exist/,
    mend: /running|start/,
    pointer: "/linux/namespaces/5/path",
  },
  {
    what: "a namespace by a file that is gone",
    edits: joined(5, "network", "/run/netns/no-such-net"),
    cause: /does not exist/,
    mend: /ip netns add/,
    pointer: "/linux/namespaces/5/path",
  },
  {
    what: "a namespace of another type",
    edits: joined(5, "network", "/proc/self/ns/uts"),
    cause: /uts namespace, not.*network/,
    mend: /ns\/net/,
    pointer: "/linux/namespaces/5/path",
  },
  {
    what: "a file as a namespace",
    edits: joined(5, "network", "/etc/passwd"),
    cause: /no namespace|not a namespace/,
    mend: /\/proc\/PID\/ns\/net/,
    pointer: "/linux/namespaces/5/path",
  },
  {
    what: "the runtime's own user namespace",
    edits: { "/linux/namespaces/-": { type: "user", path: "/proc/self/ns/user" } },
    cause: /own user namespace|already in/,
    mend: /leave.*out|without|remove/,
    pointer: "/linux/namespaces",
  },
  {
    what: "a clock set before the boot",
    unforeseen: true,
    edits: {
      "/linux/namespaces/-": { type: "time" },
      "/linux/timeOffsets": { boottime: { secs: -1_000_000_000 } },
    },
    cause: /before.*0|negative|below zero/,
    mend: /offset/,
    pointer: "/linux/timeOffsets",
  },
  {
    what: "time offsets without a time namespace",
    edits: { "/linux/timeOffsets": { boottime: { secs: 1 } } },
    cause: /time namespace/,
    mend: /namespaces/,
    pointer: "/linux/timeOffsets",
  },
  {
    what: "a user that the user namespace does not map",
    edits: { ...ids(1000), "/process/user": { uid: 2000, gid: 0 } },
    files: {},
    cause: /found 2000.*mappings cover/,
    mend: /uidMappings/,
    pointer: "/process/user/uid",
  },
  {
    what: "a group that the user namespace does not map",
    edits: { ...ids(1000), "/process/user": { uid: 0, gid: 3000 } },
    files: {},
    cause: /found 3000.*mappings cover/,
    mend: /gidMappings/,
    pointer: "/process/user/",
  },
  {
    what: "another group that the user namespace does not map",
    edits: { ...ids(1000), "/process/user": { uid: 0, gid: 0, additionalGids: [4000] } },
    files: {},
    cause: /found 4000.*mappings cover/,
    mend: /gidMappings/,
    pointer: "/process/user/",
  },
  {
    what: "mappings that overlap",
    edits: {
      ...ids(1000),
      "/linux/uidMappings": [
        { containerID: 0, hostID: 100000, size: 10 },
        { containerID: 5, hostID: 200000, size: 10 },
      ],
    },
    files: {},
    cause: /overlap/,
    mend: /range|uidMappings/,
    pointer: "/linux/uidMappings/1",
  },
  {
    what: "a user namespace that maps nobody to root",
    edits: {
      ...ids(1000),
      "/linux/uidMappings": [{ containerID: 1, hostID: 100000, size: 10 }],
    },
    files: {},
    cause: /found 0.*mappings cover/,
    mend: /uidMappings/,
    pointer: "/process/user/uid",
  },
  {
    what: "user mappings without a user namespace",
    edits: { "/linux/uidMappings": map(10) },
    cause: /user namespace/,
    mend: /namespaces/,
    pointer: "/linux/uidMappings",
  },
  {
    what: "a folder to be made in a rootfs whose owner is not mapped",
    unforeseen: true,
    edits: {
      ...ids(65536),
      "/mounts/-": { destination: "/closed/new", type: "tmpfs", source: "tmpfs" },
    },
    files: { "/closed/": { mode: 0o755 } },
    cause: /owner.*0.*not mapped|belongs to.*not mapped/,
    mend: /chown|idmap/,
    pointer: "/mounts/7",
  },
  {
    what: "a sysctl that this kernel does not have",
    edits: { "/linux/sysctl": { "net.ipv4.no_such_key": "1" } },
    cause: /no_such_key/,
    mend: /modprobe|spelling|kernel/,
    pointer: "/linux/sysctl/net.ipv4.no_such_key",
  },
  {
    what: "a sysctl that is the whole host's",
    edits: { "/linux/sysctl": { "vm.swappiness": "1" } },
    cause: /namespace/,
    mend: /host/,
    pointer: "/linux/sysctl/vm.swappiness",
  },
  {
    what: "a sysctl of a network that the container shares with the host",
    edits: { "/linux/sysctl": { "net.ipv4.ip_forward": "1" }, "/linux/namespaces/5": undefined },
    cause: /network namespace/,
    mend: /namespaces/,
    pointer: "/linux/sysctl/net.ipv4.ip_forward",
  },
  {
    what: "a sysctl with a value that is none",
    unforeseen: true,
    edits: { "/linux/sysctl": { "net.ipv4.ip_forward": "yes" } },
    cause: /"yes".*not.*value|refuses.*"yes"/,
    mend: /number|\/proc\/sys\/net\/ipv4\/ip_forward/,
    pointer: "/linux/sysctl/net.ipv4.ip_forward",
  },
  {
    what: "a hostname in the host's own namespace",
    edits: { "/linux/namespaces/2": undefined },
    cause: /uts namespace/,
    mend: /namespaces/,
    pointer: "/hostname",
  },
  {
    what: "a hostname that is too long",
    edits: { "/hostname": "x".repeat(100) },
    cause: /64/,
    mend: /shorter|64/,
    pointer: "/hostname",
  },
  {
    what: "two namespaces of one type",
    edits: { "/linux/namespaces/-": { type: "pid" } },
    cause: /once|twice|one/,
    mend: /once|remove/,
    pointer: "/linux/namespaces/6",
  },
  {
    what: "a namespace type that Linux does not have",
    edits: { "/linux/namespaces/-": { type: "net" } },
    cause: /"net".*network/,
    mend: /network/,
    pointer: "/linux/namespaces/6/type",
  },
];
