// SPDX-License-Identifier: Apache-2.0

/** Annotations of a config.json that change what runts does; all are crun's. */

/** Any value but "0" leaves the process in the groups of the runtime's caller. */
export const keepOriginalGroups = "run.oci.keep_original_groups";

/** An older name for listenerPath. */
export const receiverAnnotation = "run.oci.seccomp.receiver";

/** Names of system calls that the library does not know are errors. */
export const strictAnnotation = "run.oci.seccomp_fail_unknown_syscall";

export const unsafeAnnotations: readonly string[] = [
  keepOriginalGroups,
  receiverAnnotation,
  strictAnnotation,
];
