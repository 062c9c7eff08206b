// SPDX-License-Identifier: Apache-2.0

/** Annotations of a config.json that change what runts does. */

/** crun's: any value but "0" leaves the process in the groups of the runtime's caller. */
export const keepOriginalGroups = "run.oci.keep_original_groups";

export const unsafeAnnotations: readonly string[] = [keepOriginalGroups];
