// SPDX-License-Identifier: Apache-2.0

/** What in a bundle this host would refuse, all of it at once, found by looking and asking. */

import { loadConfig } from "../../config/load.ts";
import { locate } from "../../config/locate.ts";
import type { Config } from "../../config/types.ts";
import { type Fault, RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import { wording } from "../../wording.ts";
import { adviceForFaults, advise } from "../diagnosis/advice.ts";
import type { Case, Finding } from "../diagnosis/case.ts";
import { View } from "../diagnosis/view.ts";
import type { CgroupManager } from "../runtime.ts";
import { type Check, check } from "./check.ts";
import { questions } from "./questions.ts";

const group = "bundle";

/** A failure that has not happened: what it would be about is in the parts that are given. */
function hypothesis(host: Host, bundle: string, config: Config): Case {
  const rootfs = absolutePath(bundle, config.root?.path ?? "rootfs");
  return {
    host,
    op: "",
    syscall: "",
    errno: 0,
    detail: "",
    pointer: "",
    bundle,
    config,
    process: config.process,
    live: false,
    inside: View.planned(host, rootfs, config, bundle),
    outside: new View(host, "/"),
  };
}

const refusal = (pointer: string, { why, remedies }: Finding): Check => ({
  ...check(group, pointer, "refused", why, remedies[0]),
  pointer,
});

/** What throws says itself what it is. */
function attempted(pointer: string, body: () => unknown): readonly Check[] {
  try {
    body();
    return [];
  } catch (error) {
    if (!(error instanceof RuntsError)) return [refusal(pointer, { why: wording(error), remedies: [] })];
    const { faults, detail, pointer: at = pointer } = error.facts;
    if (faults) return faults.map(faultCheck);
    return [refusal(at, { why: detail ?? wording(error), remedies: advise(error) })];
  }
}

function faultCheck(fault: Fault): Check {
  const { pointer, line, column, found, expected, spec } = fault;
  const text =
    fault.code === "required"
      ? `missing ${expected}`
      : found === undefined
        ? `expected ${expected}`
        : `found ${found}, expected ${expected}`;
  return {
    ...check(
      group,
      pointer || "config.json",
      "refused",
      `${text}${spec ? ` (${spec})` : ""}`,
      adviceForFaults([fault])[0],
    ),
    pointer,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}

/** What create warns of; a filter by which no program can be started is more than that. */
function warned(fault: Fault): Check {
  const one = faultCheck(fault);
  return /by which the program is started/.test(fault.expected) ? one : { ...one, state: "limited" };
}

/** With the lines of their pointers. */
function placed(text: string, checks: readonly Check[]): readonly Check[] {
  return checks.map((one) => {
    if (one.line !== undefined || !one.pointer) return one;
    const [{ line, column } = {}] = locate(text, [{ code: "conflict", pointer: one.pointer, expected: "" }]);
    return { ...one, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
  });
}

export async function bundleChecks(
  host: Host,
  bundle: string,
  manager: CgroupManager,
): Promise<readonly Check[]> {
  let loaded: Awaited<ReturnType<typeof loadConfig>>;
  try {
    loaded = await loadConfig(host, bundle);
  } catch (error) {
    return attempted("", () => {
      throw error;
    });
  }
  const { config, bytes, warnings } = loaded;
  const failure = hypothesis(host, bundle, config);
  const found = [
    ...warnings.map(warned),
    ...questions(failure).map(({ pointer, finding }) => refusal(pointer, finding)),
    ...(await refusedBeforehand(failure, manager, attempted)),
  ];
  const once = found.filter(
    (one, i) => found.findIndex(({ name, detail }) => name === one.name && detail === one.detail) === i,
  );
  const checks = placed(host.decode(bytes), once);
  const refused = checks.some(({ state }) => state === "refused");
  return refused ? checks : [...checks, check(group, bundle, "ok", "nothing in it would be refused")];
}

type Attempt = typeof attempted;

/** What create itself looks at before it does anything. */
async function refusedBeforehand(
  { host, config }: Case,
  manager: CgroupManager,
  attempt: Attempt,
): Promise<readonly Check[]> {
  if (!config) return [];
  const { checkLabels } = await import("../security-modules.ts");
  const { cgroupMount } = await import("../cgroup-path.ts");
  const { placesOf } = await import("../cgroup-manager.ts");
  const { isPrivileged } = await import("../facts.ts");
  const { placeResctrl } = await import("../resctrl.ts");
  const { neededControllers } = await import("../../plan/limits.ts");
  const { findControllers } = await import("../controllers.ts");
  const mount = cgroupMount(host);
  const needed = [...neededControllers(config.linux?.resources ?? {})];
  const missing =
    mount === undefined
      ? []
      : needed.flatMap(([name, pointer]) =>
          attempt(pointer, () => findControllers(host, mount, new Map([[name, pointer]]))),
        );
  // one module at a time, so that both are told
  const labels = ["apparmorProfile", "selinuxLabel"].flatMap((field) =>
    attempt(`/process/${field}`, () => checkLabels(host, labelled(config, field))),
  );
  const { place } = await placesOf(manager);
  const cgroup =
    missing.length > 0
      ? []
      : attempt("/linux/cgroupsPath", () => place(host, config, "doctor", isPrivileged(host)));
  const filter = await filterChecks(host, config, attempt);
  return [
    ...labels,
    ...missing,
    ...cgroup,
    ...attempt("/linux/intelRdt", () => placeResctrl(host, config, "doctor")),
    ...filter,
  ];
}

/** The config with one label of its process alone. */
function labelled(config: Config, field: string): Config {
  if (!config.process) return config;
  const { apparmorProfile, selinuxLabel, ...process } = config.process;
  if (field === "apparmorProfile")
    return { ...config, process: { ...process, ...(apparmorProfile && { apparmorProfile }) } };
  return { ...config, process: { ...process, ...(selinuxLabel && { selinuxLabel }) } };
}

/** Compiled, not loaded; nothing is kept. */
async function filterChecks(host: Host, config: Config, attempt: Attempt): Promise<readonly Check[]> {
  const profile = config.linux?.seccomp;
  if (!profile) return [];
  const { encodeProfile } = await import("../../plan/seccomp.ts");
  return attempt("/linux/seccomp", () => host.compileSeccomp(encodeProfile(profile, false)));
}
