// SPDX-License-Identifier: Apache-2.0

import type { Config } from "../../config/types.ts";
import type { Advice } from "../finding.ts";

/** The newest 1.x that the schemas describe. */
const newest = 3;

export function versionAdvice({ ociVersion, hooks }: Config): readonly Advice[] {
  const advice: Advice[] = [];
  const minor = Number(/^1\.(\d+)\./.exec(ociVersion)?.[1] ?? 0);
  if (minor > newest)
    advice.push({
      rule: "newer-version",
      pointer: "/ociVersion",
      message: `written for a newer runtime-spec than 1.${newest}: what that has added is ignored`,
      mend: "use a newer runtime, or see that the config needs none of it",
    });
  if (hooks?.prestart && hooks.prestart.length > 0)
    advice.push({
      rule: "deprecated-hook",
      pointer: "/hooks/prestart",
      ofName: true,
      message: "prestart hooks are deprecated",
      mend: "use createRuntime for what needs the host, createContainer or startContainer for the rest",
    });
  return advice;
}
