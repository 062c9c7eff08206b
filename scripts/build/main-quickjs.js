// SPDX-License-Identifier: Apache-2.0

// The executable's main module. What engines call all the time is loaded when the executable is built, and
// is part of its snapshot (native/quickjs/snapshot.h); the rest is read as bytecode when it is asked for.
export { main as default } from "../../cmd/main.ts";

export const preload = () =>
  Promise.all([
    import("../../cmd/create.ts"),
    import("../../cmd/start.ts"),
    import("../../cmd/state.ts"),
    import("../../cmd/exec.ts"),
    import("../../cmd/kill.ts"),
    import("../../cmd/delete.ts"),
    import("../../cmd/run.ts"),
    import("../../lib/container/create.ts"),
    import("../../lib/container/exec.ts"),
    import("../../lib/container/run.ts"),
    import("../../lib/wording.ts"),
  ]);
