// SPDX-License-Identifier: Apache-2.0

/** What a table of broken bundles says of each. */

import type { Edits } from "../../lib/config/fixtures/edit.ts";

/** A file of the rootfs; a path that ends with "/" is a folder. In texts BUNDLE is the bundle's path. */
export interface RootfsFile {
  readonly text?: string;
  /** bytes, in hexadecimal */
  readonly hex?: string;
  readonly link?: string;
  /** 0755 unless given */
  readonly mode?: number;
  readonly owner?: number;
}

/** A bundle that fails, and the answer a person needs. Nothing here is code: it can be read as a list. */
export interface Broken {
  /** what is wrong, as the one who broke it knows it */
  readonly what: string;
  /** changes of the base configuration, by JSON pointer; BUNDLE and ID are replaced in their texts */
  readonly edits?: Edits;
  /** with files the bundle gets a rootfs of its own */
  readonly files?: Readonly<Record<string, RootfsFile>>;
  /** in place of config.json */
  readonly document?: string;
  /** command lines that must succeed before */
  readonly before?: readonly (readonly string[])[];
  /** the one that fails: run of the bundle unless given */
  readonly command?: readonly string[];
  /** of the cause, as told */
  readonly cause: RegExp;
  /** of what to try */
  readonly mend: RegExp;
  /** where config.json asks for it; "" when nothing there does */
  readonly pointer: string;
  /** `runts doctor` does not see it coming: only trying it tells */
  readonly unforeseen?: true;
  /** only where this host lets it come to that: why it is not tried elsewhere */
  readonly needs?: "AppArmor off" | "SELinux off" | "no memory controller";
}
