// SPDX-License-Identifier: Apache-2.0

type Mend = readonly [pointer: RegExp, expected: RegExp, mend: string];

const any = /./;

/** What to do about faults that only lib/config/rules knows; the first that fits. */
export const conflictMends: readonly Mend[] = [
  [/^\/(hostname|domainname)$/, /uts namespace/, 'add { "type": "uts" } to linux.namespaces, or take it out'],
  [/^\/linux\/namespaces\/\d+\/type$/, /once/, "take out all but one namespace of this type"],
  [any, /^a mount namespace/, 'add { "type": "mount" } to linux.namespaces'],
  [/timeOffsets$/, any, 'add { "type": "time" } without a path to linux.namespaces, or take the offsets out'],
  [/netDevices$/, any, 'add { "type": "network" } to linux.namespaces'],
  [/^\/mounts\/\d+\/type$/, /bind/, 'add "bind", or "rbind" with all mounts below it, to the options'],
  [
    /^\/mounts\/\d+\/destination$/,
    /below/,
    "mount something below it, or change the root file system itself",
  ],
  [/^\/mounts\/\d+\/destination$/, /\/proc/, "mount it elsewhere, or one of the files that lxcfs provides"],
  [/^\/mounts\/\d+\/options$/, /bind mount/, "take out what only a new file system has a use for"],
  [/^\/mounts\/\d+$/, /source/, 'add "source": the path on the host that is to appear there'],
  [
    /^\/mounts\/\d+$/,
    /a type/,
    'add "type", such as "tmpfs"; for a path of the host add "rbind" to the options',
  ],
  [/^\/process\/rlimits\/\d+\/type$/, /once/, "take out all but one limit of this type"],
  [/^\/process\/rlimits\/\d+\/soft$/, any, "lower soft, or raise hard"],
  [/^\/process\/user\/(uid|gid|additionalGids)/, /mapp/, "map the id in linux.uidMappings and gidMappings"],
  [/^\/linux$/, /uidMappings/, 'add "uidMappings": [{ "containerID": 0, "hostID": …, "size": … }]'],
  [/^\/linux$/, /gidMappings/, 'add "gidMappings": [{ "containerID": 0, "hostID": …, "size": … }]'],
  [/^\/linux\/[ug]idMappings$/, any, 'add { "type": "user" } to linux.namespaces, or take the mappings out'],
  [
    /memory\/swap$/,
    /limit/,
    "set memory.limit; swap counts memory and swap together, so it is at least that",
  ],
  [/cpu\/burst$/, any, "lower burst, or raise quota"],
  [/^\/linux\/devices\/\d+\/path$/, /once/, "take out all but one device of this path"],
  [
    /seccomp\/(defaultErrnoRet|syscalls\/\d+\/errnoRet)$/,
    any,
    "take errnoRet out, or make the action SCMP_ACT_ERRNO",
  ],
  [/seccomp\/listenerMetadata$/, any, "add listenerPath, or take the metadata out"],
  [/seccomp/, /listenerPath/, "add listenerPath: the socket of the agent that is to answer"],
  [/seccomp/, /program is started/, "add a rule with these names and the action SCMP_ACT_ALLOW"],
  [/^\/linux\/cgroupsPath$/, any, 'write a path such as "/mine/container", or take it out for the default'],
  [
    /^\/linux\/resources\/unified\//,
    /one file/,
    'write the name of a file of the cgroup, such as "memory.high"',
  ],
  [
    /^\/process\/capabilities\//,
    /^a permitted/,
    "add it to permitted (and, for ambient, to inheritable) as well",
  ],
  [/^\/ociVersion$/, /1\.x/, 'write "1.3.0" if the bundle keeps to it'],
  [
    /^\/linux\/resources\//,
    /cgroup v1 only/,
    "take it out: this runtime works on cgroup v2, which has nothing like it",
  ],
];
