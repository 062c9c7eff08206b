// SPDX-License-Identifier: Apache-2.0

import { type IdMappings, parseIdmapOption } from "../config/idmap-option.ts";
import type { Mount } from "../config/types.ts";
import { RuntsError } from "../errors.ts";
import { type Facts, findNamespace } from "./facts.ts";
import { mapText } from "./id-mappings.ts";
import type { MountOptions } from "./mount-options.ts";
import type { Step } from "./step.ts";

/** How many different mappings the runtime can hold (IDMAP_COUNT of native/context.h). */
const most = 32;

export function mapsIds({ uidMappings = [] }: Mount, options: MountOptions): boolean {
  return options.idmap !== "no" || uidMappings.length > 0;
}

function refuse(pointer: string, detail: string): never {
  throw new RuntsError("system", { pointer, detail });
}

function containerMappings({ config: { linux } }: Facts): IdMappings {
  return { uids: linux?.uidMappings ?? [], gids: linux?.gidMappings ?? [] };
}

/** The step that makes the mapping, but for its slot: the mount's own before that of the container's user namespace. */
function mappingStep(mount: Mount, { idmapText }: MountOptions, facts: Facts, from: string) {
  const { uidMappings = [], gidMappings = [] } = mount;
  const container = containerMappings(facts);
  let own: IdMappings = { uids: uidMappings, gids: gidMappings };
  if (idmapText !== "") own = parseIdmapOption(idmapText, container) ?? own;
  const namespace = findNamespace(facts.config, "user")?.namespace;
  if (own.uids.length === 0 && namespace?.path)
    return { op: "openIdMapping", from, path: namespace.path } as const;
  const { uids, gids } = own.uids.length > 0 ? own : container;
  return { op: "makeIdMapping", from, uids: mapText(uids), gids: mapText(gids) } as const;
}

/** Collects the mappings of all mounts: mounts with the same share a user namespace. */
export class IdmappedMounts {
  readonly #slots = new Map<string, number>();

  /** What the runtime does to a tree that it has opened. */
  steps(mount: Mount, options: MountOptions, facts: Facts, tree: number, from: string): readonly Step[] {
    if (!facts.privileged) refuse(from, "only root of the host may map the ids of its file systems");
    const { from: _, ...making } = mappingStep(mount, options, facts, from);
    const key = JSON.stringify(making);
    const known = this.#slots.get(key);
    const mapping = known ?? this.#slots.size;
    if (mapping >= most) refuse(from, `mounts with more than ${most} different mappings`);
    this.#slots.set(key, mapping);
    return [
      ...(known === undefined ? [{ ...making, from, slot: mapping } satisfies Step] : []),
      {
        op: "mapTree",
        from,
        slot: tree,
        mapping,
        recursive: options.idmap === "tree" ? 1 : 0,
        source: mount.source ?? "",
      },
    ];
  }
}
