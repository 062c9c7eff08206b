// SPDX-License-Identifier: Apache-2.0

import type { Config } from "../../config/types.ts";
import { RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { externalKeys, firstFile, joinedNames } from "../../plan/criu/criu.ts";
import type { Inherited, Joined } from "../../plan/criu/request.ts";
import { errnoOf } from "../record.ts";

/** criu's names of these two, which are also those of their files in procfs. */
const files: { readonly [type: string]: string } = { network: "net", pid: "pid" };

function given(
  config: Config,
): readonly { readonly type: string; readonly path: string; readonly from: string }[] {
  return (config.linux?.namespaces ?? []).flatMap(({ type, path }, i) =>
    path ? [{ type, path, from: `/linux/namespaces/${i}/path` }] : [],
  );
}

/** For the dump: "net[its inode]:the name by which restore finds it". Others criu writes down as if they were its own. */
export function externalNamespaces(host: Host, config: Config, pid: number): readonly string[] {
  return given(config).flatMap(({ type }) => {
    const file = files[type];
    if (file === undefined) return [];
    const inode = /\[(\d+)\]/.exec(host.readLink(`/proc/${pid}/ns/${file}`))?.[1] ?? "";
    return [`${file}[${inode}]:${externalKeys[type]}`];
  });
}

export interface Namespaces {
  readonly inherit: readonly Inherited[];
  readonly join: readonly Joined[];
  /** paths of criu's descriptors from `firstFile` on */
  readonly files: readonly string[];
}

/** For the restore, which needs them to be there. */
export function namespacesToJoin(host: Host, config: Config): Namespaces {
  const paths = given(config);
  for (const { path, from } of paths) {
    try {
      host.realPath(path.slice(0, path.lastIndexOf("/")) || "/");
    } catch (cause) {
      throw new RuntsError("system", { pointer: from, file: path, errno: errnoOf(cause) }, cause);
    }
  }
  const opened = paths.filter(({ type }) => files[type] !== undefined);
  return {
    files: opened.map(({ path }) => path),
    inherit: opened.map(({ type }, i) => ({ key: externalKeys[type] ?? "", fd: firstFile + i })),
    join: paths.flatMap(({ type, path }) => {
      const ns = joinedNames[type];
      return ns === undefined ? [] : [{ ns, file: path }];
    }),
  };
}
