// SPDX-License-Identifier: Apache-2.0

/** Annotations of a config.json that change what runts does; crun's, and runc's for systemd. */

/** Any value but "0" leaves the process in the groups of the runtime's caller. */
export const keepOriginalGroups = "run.oci.keep_original_groups";

/** An older name for listenerPath. */
export const receiverAnnotation = "run.oci.seccomp.receiver";

/** Names of system calls that the library does not know are errors. */
export const strictAnnotation = "run.oci.seccomp_fail_unknown_syscall";

/** Which of the options of mount(8) for SELinux linux.mountLabel is handed on as; context when it says nothing. */
export const mountContextType = "run.oci.mount_context_type";

/** Begins the names of properties of the scope, where systemd makes the cgroup. */
export const systemdProperty = "org.systemd.property.";

export const contextTypes: readonly string[] = ["context", "fscontext", "defcontext", "rootcontext"];

export const unsafeAnnotations: readonly string[] = [
  systemdProperty,
  keepOriginalGroups,
  mountContextType,
  receiverAnnotation,
  strictAnnotation,
];
