// SPDX-License-Identifier: Apache-2.0

import { mountOptions } from "../../tables/mount-options.ts";
import { customIdmap, parseIdmapOption } from "../idmap-option.ts";
import type { Mount } from "../types.ts";
import { eachMapping } from "./mappings.ts";
import { fault, type Subject } from "./subject.ts";

const isIdmap = (option: string): boolean =>
  mountOptions[option]?.kind === "idmap" || customIdmap.test(option);

const isBind = (option: string): boolean => mountOptions[option]?.kind === "bind";

/** An option with a mapping of its own in the text, checked; or one that needs a mapping from elsewhere. */
function optionRule(subject: Subject, option: string, hasMapping: boolean, pointer: string): void {
  const { uidMappings = [], gidMappings = [] } = subject.linux;
  if (!customIdmap.test(option)) {
    if (!hasMapping) fault(subject, "conflict", pointer, "uidMappings of the mount, or a user namespace");
    return;
  }
  const text = option.replace(customIdmap, "");
  if (parseIdmapOption(text, { uids: uidMappings, gids: gidMappings }) === undefined)
    fault(subject, "format", pointer, "idmap=uids=FIRST-HOST-SIZE#…;gids=FIRST-HOST-SIZE#…");
}

/** config.md#posix-platform-mounts: uidMappings, gidMappings, idmap and ridmap. */
export function idmappedMountRule(subject: Subject, mount: Mount, pointer: string): void {
  const { uidMappings = [], gidMappings = [], options = [] } = mount;
  const at = options.findIndex(isIdmap);
  if (at < 0 && uidMappings.length === 0) return;
  const place = at < 0 ? `${pointer}/uidMappings` : `${pointer}/options/${at}`;
  if (!options.some(isBind))
    fault(subject, "unsupported", place, "a bind mount: ids of others are not mapped");
  eachMapping(subject, uidMappings, `${pointer}/uidMappings`);
  eachMapping(subject, gidMappings, `${pointer}/gidMappings`);
  const hasMapping = uidMappings.length > 0 || subject.namespaces.user !== undefined;
  if (at >= 0) optionRule(subject, options[at] ?? "", hasMapping, place);
}
