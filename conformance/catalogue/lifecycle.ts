// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section } from "./clause.ts";

export const lifecycle = chapter(
  "Lifecycle and operations",
  section(
    "runtime.md#scope-of-a-container",
    must("lifecycle.scope", "Who has created a container can use all operations on that container."),
  ),
  section(
    "runtime.md#lifecycle",
    must(
      "lifecycle.environment",
      "create makes the environment that the config describes: its namespaces, mounts and other resources are there before start.",
    ),
    must("lifecycle.environment-error", "An environment that cannot be made is an error of create."),
    must("lifecycle.program-waits", "create does not run the user's program."),
    must("lifecycle.config-frozen", "Changes to config.json after create have no effect on the container."),
    must("lifecycle.program", "After start the program that process describes runs."),
    may(
      "lifecycle.ends",
      "The container process may end by exiting, with or without an error, by crashing, or by the kill operation; after each of them the container can be deleted.",
    ),
    must("lifecycle.destroyed", "After delete everything that create had made is undone."),
  ),
  section(
    "runtime.md#errors",
    may(
      "lifecycle.error-shown",
      "How an error reaches the caller, and whether it does, is left to the runtime.",
      "It frees the runtime. The suite takes a non-zero exit code for an error, as all engines do.",
    ),
    must(
      "lifecycle.error-undone",
      "An operation that fails leaves everything as if it had not been tried: no process, mount, cgroup or container.",
    ),
  ),
  section(
    "runtime.md#warnings",
    may(
      "lifecycle.warning-shown",
      "How a warning reaches the caller, and whether it does, is left to the runtime.",
      "It frees the runtime: a warning that nobody can see is legal, too.",
    ),
    must("lifecycle.warning-continues", "A warning changes nothing about the operation that gives it."),
  ),
  section(
    "runtime.md#operations",
    must("lifecycle.operations", "The operations state, create, start, kill and delete are supported."),
  ),
  section(
    "runtime.md#create",
    must("lifecycle.create-needs-parameters", "create without a bundle or without an ID is an error."),
    must(
      "lifecycle.create-id-unique",
      "create with the ID of a container that the runtime already has is an error; no container is made, and the other one is untouched.",
    ),
    must(
      "lifecycle.create-id-valid",
      "create with an ID that the runtime does not take as valid is an error, and no container is made; any other ID names the container exactly.",
    ),
    must("lifecycle.create", "create makes a new container."),
    must("lifecycle.create-applies", "create applies every property of the config but process."),
    must("lifecycle.create-spares-args", "process.args is not applied before start."),
    may(
      "lifecycle.create-applies-process",
      "The other properties of process may be applied by create.",
      "They may also wait for start; nobody but the program, which runs after both, has to see them.",
    ),
    must(
      "lifecycle.create-inapplicable",
      "A property that cannot be applied as the config asks is an error of create, and no container is made.",
    ),
    may(
      "lifecycle.create-validates",
      "The config may be checked against the spec and the system before the container is made.",
      "A runtime may as well meet the same fault while it makes the container; either way create fails and leaves nothing.",
    ),
  ),
  section(
    "runtime.md#start",
    must("lifecycle.start-needs-id", "start without an ID is an error."),
    must(
      "lifecycle.start-only-created",
      "start of a container that is not created, or does not exist, is an error and has no effect on it.",
    ),
    must("lifecycle.start", "start runs the program that process describes."),
    must("lifecycle.start-needs-process", "start is an error when the config has no process."),
  ),
  section(
    "runtime.md#kill",
    must("lifecycle.kill-needs-id", "kill without an ID is an error."),
    must(
      "lifecycle.kill-only-alive",
      "kill of a container that is neither created nor running, or does not exist, is an error and has no effect on it.",
    ),
    must("lifecycle.kill", "kill sends the signal it was given to the container process."),
    must("lifecycle.kill-created", "kill reaches the process of a created container, too."),
  ),
  section(
    "runtime.md#delete",
    must("lifecycle.delete-needs-id", "delete without an ID is an error."),
    must(
      "lifecycle.delete-only-stopped",
      "delete of a container that is not stopped, or does not exist, is an error and has no effect on it.",
    ),
    must("lifecycle.delete", "delete removes the resources that create made."),
    must(
      "lifecycle.delete-spares",
      "delete leaves alone what the container used but create did not make: namespaces it joined, cgroups and files that were there before.",
    ),
    must("lifecycle.delete-frees-id", "The ID of a deleted container can be used for another one."),
  ),
  section(
    "runtime-linux.md#file-descriptors",
    must(
      "lifecycle.descriptors",
      "Without further settings the program has no open file descriptors but standard input, output and error, whatever the caller had open.",
    ),
    may(
      "lifecycle.descriptors-passed",
      "More descriptors may be passed on, for socket activation for instance.",
      "How a runtime is asked for it, LISTEN_FDS or an option of its own, is no matter of the spec.",
    ),
    may(
      "lifecycle.descriptors-null",
      "Any of the three may lead to /dev/null.",
      "Leading anywhere else is right, too; lifecycle.descriptors judges that they are open.",
    ),
  ),
  section(
    "runtime-linux.md#dev-symbolic-links",
    must(
      "lifecycle.dev-fd",
      "create makes the symlink /dev/fd to /proc/self/fd if that exists after the mounts.",
    ),
    must(
      "lifecycle.dev-stdin",
      "create makes the symlink /dev/stdin to /proc/self/fd/0 if that exists after the mounts.",
    ),
    must(
      "lifecycle.dev-stdout",
      "create makes the symlink /dev/stdout to /proc/self/fd/1 if that exists after the mounts.",
    ),
    must(
      "lifecycle.dev-stderr",
      "create makes the symlink /dev/stderr to /proc/self/fd/2 if that exists after the mounts.",
    ),
  ),
);
