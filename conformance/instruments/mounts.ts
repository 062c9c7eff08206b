// SPDX-License-Identifier: Apache-2.0

/** Reads the lines of /proc/self/mountinfo (proc_pid_mountinfo(5)). */

import { present } from "../expect.ts";

export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** what of its file system is mounted */
  readonly root: string;
  readonly point: string;
  /** of the mount itself: ro, nosuid, noatime … */
  readonly options: readonly string[];
  /** shared:N, master:N, unbindable … */
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: string;
  /** of the file system: ro, sync, size=… */
  readonly superOptions: readonly string[];
}

// Blanks, line ends and backslashes are written as octal numbers.
const plain = (field: string) =>
  field.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));

function parse(line: string): Mount {
  const [before = "", after = ""] = line.split(" - ");
  const [id, parent, , root = "", point = "", options = "", ...propagation] = before.split(" ");
  const [type = "", source = "", superOptions = ""] = after.split(" ");
  return {
    id: Number(id),
    parent: Number(parent),
    root: plain(root),
    point: plain(point),
    options: options.split(","),
    propagation: propagation.filter((word) => word !== ""),
    type,
    source: plain(source),
    superOptions: superOptions.split(","),
  };
}

/** What is mounted at a path, the uppermost last. */
export const mountsAt = (lines: readonly string[], path: string): readonly Mount[] =>
  lines.map(parse).filter(({ point }) => point === path);

/** The uppermost mount at a path; that there is none is a mismatch. */
export const mountAt = (lines: readonly string[], path: string): Mount =>
  present(`a mount at ${path}`, mountsAt(lines, path).at(-1));
