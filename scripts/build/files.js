// SPDX-License-Identifier: Apache-2.0

// Files and programs as the parts of the build see them.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** @param {string} path */
export const inRoot = (path) => `${root}/${path}`;
export const build = inRoot("build");

/** @param {string | Uint8Array} data */
export const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/**
 * Leaves the file's age alone when nothing changes, so that what depends on it stays as it is.
 * @param {string} path
 * @param {string | Uint8Array} data
 */
export function writeChanged(path, data) {
  const bytes = Buffer.from(data);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/**
 * Removes the files directly in a folder that are not among those named.
 * @param {string} folder
 * @param {ReadonlySet<string>} names
 */
export function removeOthers(folder, names) {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile() && !names.has(entry.name)) rmSync(`${folder}/${entry.name}`);
}

/**
 * The files below a folder whose names match, in order.
 * @param {string} folder
 * @param {RegExp} matching
 */
export function filesBelow(folder, matching) {
  const names = readdirSync(inRoot(folder), { recursive: true, encoding: "utf8" });
  return names
    .map((name) => `${folder}/${name}`)
    .filter((path) => matching.test(path))
    .sort();
}

/**
 * Runs `make` unless the inputs have the contents they had when it last ran.
 * @param {string} name
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs that must exist
 * @param {() => void | Promise<void>} make
 */
export async function whenChanged(name, inputs, outputs, make) {
  const stamp = `${build}/stamps/${name}`;
  const state = sha256(inputs.map((path) => `${path} ${sha256(readFileSync(inRoot(path)))}\n`).join(""));
  const upToDate = outputs.every((path) => existsSync(inRoot(path)));
  if (upToDate && existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  await make();
  writeChanged(stamp, state);
}

/**
 * Runs a program in the project's folder; what it prints is shown only when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.on("error", (error) => reject(new Error(`${program}: ${error.message}`)));
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${program} ${args.join(" ")}\n${output}`)),
    );
  });
}
