// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section } from "./clause.ts";

export const hooks = chapter(
  "Hooks",
  section(
    "config.md#posix-platform-hooks",
    must("hooks.path", "Every hook has a path, and it is absolute; others are refused."),
    must(
      "hooks.args",
      "args is the hook's argument list as execv takes it, the name it is called by included.",
    ),
    must("hooks.env", "env is the hook's environment as execve takes it, with nothing added."),
    must("hooks.timeout", "A hook that runs longer than its timeout in seconds is aborted."),
    must("hooks.timeout-positive", "A timeout that is not greater than zero is refused."),
    must("hooks.order", "The hooks of one kind are called in the order of the list."),
    must("hooks.state", "Every hook finds the container's state on its standard input."),
    must("hooks.prestart-path", "The path of a prestart hook is looked up in the runtime namespace."),
    must("hooks.prestart-namespace", "prestart hooks run in the runtime namespace."),
    must(
      "hooks.create-runtime-path",
      "The path of a createRuntime hook is looked up in the runtime namespace.",
    ),
    must("hooks.create-runtime-namespace", "createRuntime hooks run in the runtime namespace."),
    must(
      "hooks.create-container-path",
      "The path of a createContainer hook is looked up in the runtime namespace, although it runs in the container's.",
    ),
    must("hooks.create-container-namespace", "createContainer hooks run in the container namespace."),
    must(
      "hooks.start-container-path",
      "The path of a startContainer hook is looked up in the container namespace.",
    ),
    must("hooks.start-container-namespace", "startContainer hooks run in the container namespace."),
    must("hooks.poststart-path", "The path of a poststart hook is looked up in the runtime namespace."),
    must("hooks.poststart-namespace", "poststart hooks run in the runtime namespace."),
    must("hooks.poststop-path", "The path of a poststop hook is looked up in the runtime namespace."),
    must("hooks.poststop-namespace", "poststop hooks run in the runtime namespace."),
  ),
  section(
    "config.md#prestart",
    must(
      "hooks.prestart-time",
      "prestart hooks are called by create when the runtime environment has been made, and before the root is changed.",
    ),
    must("hooks.prestart-first", "prestart hooks are called before createRuntime hooks."),
  ),
  section(
    "config.md#createruntime-hooks",
    must(
      "hooks.create-runtime-time",
      "createRuntime hooks are called by create when the runtime environment has been made, and before the root is changed.",
    ),
    must(
      "hooks.create-runtime-mounts",
      "When createRuntime hooks are called, the mount namespace has been made and the mounts of the config have been done.",
    ),
    may(
      "hooks.create-runtime-rest",
      "Cgroups and security labels may not be set up yet when createRuntime hooks run.",
      "It warns authors of hooks: to have set them up is right, too.",
    ),
  ),
  section(
    "config.md#createcontainer-hooks",
    must(
      "hooks.create-container-time",
      "createContainer hooks are called by create when the mount namespace and its mounts have been made, and before the root is changed.",
    ),
    must("hooks.create-container-second", "createContainer hooks are called after createRuntime hooks."),
    may(
      "hooks.create-container-rest",
      "Cgroups and security labels may not be set up yet when createContainer hooks run.",
      "It warns authors of hooks: to have set them up is right, too.",
    ),
  ),
  section(
    "config.md#startcontainer-hooks",
    must(
      "hooks.start-container-time",
      "startContainer hooks are called by start, and have ended before the user's program is executed.",
    ),
  ),
  section(
    "config.md#poststart",
    must(
      "hooks.poststart-time",
      "poststart hooks are called after the user's program has been executed, and before start returns.",
    ),
  ),
  section(
    "config.md#poststop",
    must(
      "hooks.poststop-time",
      "poststop hooks are called after the container has been deleted, and before delete returns.",
    ),
  ),
  section(
    "runtime.md#lifecycle",
    must("hooks.prestart", "prestart hooks are called although they are deprecated."),
    must(
      "hooks.prestart-failure",
      "When a prestart hook fails, create is an error; no further step of it is done, and the container is stopped and destroyed.",
    ),
    must("hooks.create-runtime", "createRuntime hooks are called."),
    must(
      "hooks.create-runtime-failure",
      "When a createRuntime hook fails, create is an error; no further step of it is done, and the container is stopped and destroyed.",
    ),
    must("hooks.create-container", "createContainer hooks are called."),
    must(
      "hooks.create-container-failure",
      "When a createContainer hook fails, create is an error, and the container is stopped and destroyed.",
    ),
    must("hooks.start-container", "startContainer hooks are called."),
    must(
      "hooks.start-container-failure",
      "When a startContainer hook fails, start is an error; the program is not run, and the container is stopped and destroyed.",
    ),
    must("hooks.poststart", "poststart hooks are called."),
    must(
      "hooks.poststart-failure",
      "When a poststart hook fails, start is an error, and the container is stopped and destroyed.",
    ),
    must("hooks.poststop", "poststop hooks are called."),
    must(
      "hooks.failure-poststop",
      "When a hook of create or start fails, the container is destroyed as by delete, and poststop hooks are called then.",
    ),
    must(
      "hooks.poststop-failure",
      "When a poststop hook fails, delete goes on as if it had not: the other poststop hooks are called, and delete succeeds.",
    ),
    must(
      "hooks.poststop-warning",
      "When a poststop hook fails, a warning is logged.",
      "Whether a warning is visible anywhere is left to the runtime (runtime.md#warnings).",
    ),
  ),
);
