// SPDX-License-Identifier: Apache-2.0

/** Files of a container's cgroup, as the host sees them. */

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { act, type Case } from "../case.ts";
import type { ClauseId } from "../catalogue/index.ts";
import { equal, holds, Mismatch, Skip } from "../expect.ts";
import { cgroup, controller } from "../needs.ts";
import { removeCgroup } from "../stage/cgroups.ts";
import type { Container } from "../stage/container.ts";
import type { Place } from "../stage/place.ts";

/** The text of a file of a cgroup, without the newline; undefined when there is no such file. */
function textOf(folder: string, file: string): string | undefined {
  const path = `${folder}/${file}`;
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd() : undefined;
}

/** The suite's own cgroup above the container's has the files that every cgroup gets. */
const above = (place: Place) => dirname(place.cgroupFolder);

export const readAbove = (place: Place, file: string) => textOf(above(place), file);

/** Where the kernel gives no cgroup the file, nothing can be judged. */
export function needFile(place: Place, file: string): void {
  if (readAbove(place, file) === undefined) throw new Skip(`the kernel has no ${file}`);
}

/** The limit as the container's cgroup has it now. */
export function limit({ place }: Container, file: string): string {
  const text = textOf(place.cgroupFolder, file);
  if (text !== undefined) return text;
  needFile(place, file);
  throw new Mismatch(`${file} of the container's cgroup`, "to be there", "nothing");
}

/** Whether the kernel takes the text in a file of a cgroup that no runtime has touched. */
export function takes(place: Place, file: string, text: string): boolean {
  if (readAbove(place, file) === undefined) return false;
  const trial = `${above(place)}/trial`;
  mkdirSync(trial);
  try {
    writeFileSync(`${trial}/${file}`, text);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(trial);
  }
}

type Resources = Readonly<Record<string, unknown>>;
type Clauses = readonly [ClauseId, ...ClauseId[]];

/** With these resources the files of a running container's cgroup hold exactly this. */
export function sets(
  clauses: Clauses,
  controllers: readonly string[],
  resources: Resources,
  files: Readonly<Record<string, string>>,
): Case {
  return act({
    clauses,
    needs: [cgroup, ...controllers.map(controller)],
    change: { "/linux/resources": resources },
    run: async (stage) => {
      for (const file of Object.keys(files)) needFile(stage.place, file);
      await stage.begin({});
      for (const [file, text] of Object.entries(files)) equal(file, limit(stage.container, file), text);
    },
  });
}

/** As `sets`, in a cgroup that is there already, with other limits: who writes nothing is seen. */
export function changes(
  clauses: Clauses,
  controllers: readonly string[],
  resources: Resources,
  files: Readonly<Record<string, { readonly from: string; readonly to: string }>>,
): Case {
  return act({
    clauses,
    needs: [cgroup, ...controllers.map(controller)],
    change: { "/linux/resources": resources },
    run: async (stage) => {
      const { container, place } = stage;
      for (const file of Object.keys(files)) needFile(place, file);
      mkdirSync(place.cgroupFolder);
      for (const [file, { from }] of Object.entries(files))
        writeFileSync(`${place.cgroupFolder}/${file}`, from);
      await stage.begin({});
      for (const [file, { to }] of Object.entries(files)) equal(file, limit(container, file), to);
      await stage.finish();
      removeCgroup(place.cgroupFolder); // the runtime has not made it, and may leave it
    },
  });
}

/** One container for each of these, in this order: each has a bigger number than the one before. */
export function grows(
  clauses: Clauses,
  controllers: readonly string[],
  steps: readonly Resources[] | ((place: Place) => readonly Resources[]),
  read: (container: Container) => number,
): Case {
  return act({
    clauses,
    needs: [cgroup, ...controllers.map(controller)],
    run: async (stage) => {
      const made = typeof steps === "function" ? steps(stage.place) : steps;
      const found: number[] = [];
      for (const resources of made) {
        const container = stage.another({ "/linux/resources": resources });
        await stage.begin({}, container);
        found.push(read(container));
      }
      const growing = found.every((number, at) => at === 0 || number > (found[at - 1] ?? 0));
      holds(
        `what ${made.map((step) => JSON.stringify(step)).join(", ")} give`,
        found,
        "growing numbers",
        growing,
      );
    },
  });
}
