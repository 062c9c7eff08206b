// SPDX-License-Identifier: Apache-2.0

/**
 * The executable of every mutant. In the folder from which it is called, `name` says which one it is, and the link
 * `runtime` leads to the real runtime; nothing is told by the environment, which containers could see.
 */

import { readFileSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { Call } from "./call.ts";
import { faultless, mutants } from "./index.ts";

const [, path = "", ...words] = process.argv;
const folder = dirname(path);
const name = readFileSync(`${folder}/name`, "utf8");
const mutant = [faultless, ...mutants].find((known) => known.name === name);
if (!mutant) throw new Error(`there is no mutant ${name}`);

const call = new Call(realpathSync(`${folder}/runtime`), words);
const deed = mutant.fault[call.verb];
process.exitCode = deed ? deed(call) : call.real();
