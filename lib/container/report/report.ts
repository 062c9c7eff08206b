// SPDX-License-Identifier: Apache-2.0

/** What one attaches to a bug report: a failure with all that led to it. Loaded when something has failed. */

import { type ErrorFacts, RuntsError } from "../../errors.ts";
import type { Host, Json } from "../../host.ts";
import { isObject, readJson, toJson } from "../../json.ts";
import { shownPlan } from "../../plan/shown/shown.ts";
import { story } from "../../story.ts";
import { wording } from "../../wording.ts";
import { type Diagnosis, diagnose, explained, type Place } from "../diagnosis/diagnose.ts";
import { doctor } from "../doctor/doctor.ts";
import { hasFailed } from "../execute.ts";
import type { CgroupManager, Reporting } from "../runtime.ts";
import { callerFacts, hostFacts } from "./host-facts.ts";
import { layout } from "./layout.ts";
import { Mask } from "./mask.ts";

export interface Failure extends Reporting {
  readonly error: unknown;
  /** the command that failed, and the container where one is named */
  readonly command: string;
  readonly id: string;
  /** version of runts */
  readonly version: string;
  readonly cgroupManager: CgroupManager;
}

const limit = 16 << 20;

/** The document that counted, as far as it is JSON: of any other nobody can tell what in it is secret. */
function configOf(host: Host, { scene }: ErrorFacts): { file: string; value: Json } {
  if (!scene) return { file: "", value: null };
  const { config, copy: file = config } = scene;
  try {
    return { file, value: readJson(host, host.readFile(file, limit)) };
  } catch (error) {
    return { file, value: `left out: ${wording(error).split("\n")[0]}` };
  }
}

const eventsOf = (events: string): Json => toJson(JSON.parse(`[${events.trimEnd().replaceAll("\n", ",")}]`));

/** The plan that failed first, and what became of it; those after it have cleaned up. */
function executed(host: Host, { attempts, id }: Failure, { scene }: ErrorFacts): { [part: string]: Json } {
  const attempt = attempts.find(({ outcome }) => hasFailed(outcome)) ?? attempts.at(-1);
  if (!attempt) return {};
  const { plan, outcome } = attempt;
  const { events = "", lines = "", ...result } = outcome;
  const about = { id, bundle: scene?.bundle ?? "", missing: [] };
  return {
    outcome: toJson(result),
    // lines where --trace has asked for these
    trace: events === "" ? lines.trimEnd().split("\n") : eventsOf(events),
    plan: toJson(shownPlan(plan, about, host.digest)),
  };
}

function errorPart(error: unknown): Json {
  const stack = error instanceof Error ? (error.stack ?? "").trimEnd().split("\n") : [];
  if (!(error instanceof RuntsError)) return { stack };
  const { scene: _, ...facts } = error.facts;
  return toJson({ code: error.code, ...facts, stack });
}

/** Lines of a document hold secrets, too. */
function clearedPlace(mask: Mask, place: Place): Place {
  const cleared = mask.of(toJson(place));
  const text = isObject(cleared) ? cleared.text : undefined;
  return typeof text === "string" ? { ...place, text } : place;
}

/** A part that cannot be told must not be the end of the others. */
async function part(tell: () => Json | Promise<Json>): Promise<Json> {
  try {
    return await tell();
  } catch (error) {
    return `cannot be told: ${wording(error)}`;
  }
}

async function compose(host: Host, failure: Failure): Promise<Json> {
  const { error, version, warnings, cgroupManager } = failure;
  const facts = error instanceof RuntsError ? error.facts : {};
  const { scene, faults = [] } = facts;
  const config = configOf(host, facts);
  const command = ["runts", ...host.args];
  const mask = new Mask([config.value, scene?.process ?? null, toJson(faults), command]);
  const found = await diagnose(host, error);
  const diagnosis: Diagnosis = { ...found, places: found.places.map((place) => clearedPlace(mask, place)) };
  const steps = await part(() => mask.of(executed(host, failure, facts)));
  return {
    runts: "report",
    version: 1,
    time: new Date().toISOString(),
    message: mask.text(wording(explained(error, found))).split("\n"),
    story: mask.text(story(diagnosis)).trimEnd().split("\n"),
    command: mask.of(command),
    versions: await part(() => hostFacts(host, version)),
    caller: await part(() => mask.of(callerFacts(host))),
    error: await part(() => mask.of(errorPart(error))),
    diagnosis: mask.of(toJson(diagnosis)),
    warnings: mask.of([...warnings]),
    doctor: await part(async () => mask.of(toJson(await doctor(host, scene?.bundle, cgroupManager)))),
    configFile: config.file,
    config: mask.of(config.value),
    ...(scene?.process !== undefined && { process: mask.of(scene.process) }),
    ...(isObject(steps) ? steps : { plan: steps }),
  };
}

/** Nobody can know it beforehand and put something there, and it sorts by time. */
function nameOf(host: Host, { command, id }: Failure): string {
  const time = new Date().toISOString().replace(/[:.]/g, "-");
  const about = `${command}-${id}`.replace(/[^\w.+-]/g, "_").slice(0, 100);
  return `runts-${time}-${about}-${host.now() % 1_000_000}.json`;
}

/** Writes the report; its path. Throws what the host throws. */
export async function leaveReport(host: Host, failure: Failure): Promise<string> {
  const name = nameOf(host, failure);
  host.newFile(failure.folder, name, `${layout(await compose(host, failure))}\n`);
  return `${failure.folder === "/" ? "" : failure.folder}/${name}`;
}
