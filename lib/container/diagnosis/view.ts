// SPDX-License-Identifier: Apache-2.0

/**
 * Files as a container sees them, looked at from the host and without following anything by name: every step of a
 * path is one look at one entry, and symlinks are resolved here. Nothing of a container can lead such a look astray.
 */

import type { Config } from "../../config/types.ts";
import type { Host, Sight } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import { errnoOf } from "../record.ts";

export const [EPERM, ENOENT, EACCES, ENOTDIR, EISDIR, ELOOP] = [1, 2, 13, 20, 21, 40];

export type Looker = Pick<Host, "look" | "decode">;

/** Where a folder of the host stands in the view. */
interface Covering {
  readonly destination: string;
  /** undefined where a new file system is mounted: what it will hold nobody knows */
  readonly source: string | undefined;
  readonly index: number;
}

export interface Folder {
  readonly path: string;
  readonly sight: Sight;
}

/** `mount` is the index among the config's mounts of the one that holds the path. */
export type Found = {
  /** the path as it was asked for */
  readonly asked: string;
  readonly folders: readonly Folder[];
  readonly mount?: number;
  /** the symlink whose target cannot be reached */
  readonly link?: string;
} & (
  | { readonly state: "found"; readonly path: string; readonly sight: Sight }
  /** `path` is the first that cannot be passed; its name as asked for, where only that is missing */
  | { readonly state: "missing"; readonly path: string; readonly errno: number }
  | { readonly state: "unknown"; readonly path: string }
);

const mostLinks = 40;
const below = (path: string, folder: string): boolean =>
  folder === "/" || path === folder || path.startsWith(`${folder}/`);

function coverings(config: Config | undefined, bundle: string): readonly Covering[] {
  return (config?.mounts ?? []).map(({ destination, source = "", options = [] }, index) => ({
    destination: absolutePath("/", destination),
    source: options.includes("bind") || options.includes("rbind") ? absolutePath(bundle, source) : undefined,
    index,
  }));
}

export class View {
  readonly #host: Looker;
  readonly #root: string;
  readonly #mounts: readonly Covering[];

  constructor(host: Looker, root: string, mounts: readonly Covering[] = []) {
    this.#host = host;
    this.#root = root;
    this.#mounts = mounts;
  }

  /** The rootfs with the mounts of the config, as init will see it. */
  static planned(host: Looker, rootfs: string, config: Config | undefined, bundle: string): View {
    return new View(host, rootfs, coverings(config, bundle));
  }

  /** The same without its mounts: what the image has. */
  bare(): View {
    return new View(this.#host, this.#root);
  }

  /** The mount that a path lies in: the last one over it. */
  #covering(path: string): Covering | undefined {
    return this.#mounts.findLast(({ destination }) => below(path, destination));
  }

  #look(path: string, limit: number): { sight?: Sight; mount?: number } {
    const covering = this.#covering(path);
    if (covering === undefined) return { sight: this.#host.look(this.#root, path.slice(1), limit) };
    const { destination, source, index } = covering;
    if (source === undefined) return { mount: index };
    try {
      return { sight: this.#host.look(source, path.slice(destination.length + 1), limit), mount: index };
    } catch (error) {
      throw Object.assign(new Error("look"), { errno: errnoOf(error), mount: index });
    }
  }

  /** With the first `limit` bytes of a file. Of a symlink itself where `follow` is false. */
  walk(asked: string, limit = 0, follow = true): Found {
    const rest = parts(asked);
    const folders: Folder[] = [];
    let [resolved, links] = ["", 0];
    let last: { sight?: Sight; mount?: number } = {};
    // the last symlink, and how much was to be gone after it
    let link = { path: "", rest: 0 };
    const more = () => ({
      asked,
      folders,
      ...(last.mount !== undefined && { mount: last.mount }),
      ...(link.path !== "" && rest.length >= link.rest && { link: link.path }),
    });
    if (rest.length === 0) rest.push(".");
    for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
      if (part === "..") {
        resolved = resolved.slice(0, Math.max(0, resolved.lastIndexOf("/")));
        continue;
      }
      const path = part === "." ? resolved : `${resolved}/${part}`;
      try {
        last = this.#look(path || "/", rest.length === 0 ? limit : 0);
      } catch (error) {
        const errno = errnoOf(error);
        // a folder that only a mount below it will make
        if (errno === ENOENT && this.#mounts.some(({ destination }) => destination.startsWith(`${path}/`))) {
          resolved = path;
          last = {};
          continue;
        }
        const mount = this.#covering(path)?.index;
        last = mount === undefined ? {} : { mount };
        const whole = rest.length === 0 && more().link === undefined;
        return { state: "missing", path: whole ? asked : path, errno, ...more() };
      }
      const { sight } = last;
      if (sight === undefined) return { state: "unknown", path: path || "/", ...more() };
      if (sight.kind === "symlink" && (rest.length > 0 || follow)) {
        if (++links > mostLinks) return { state: "missing", path, errno: ELOOP, ...more() };
        // of a chain of symlinks the first
        if (link.path === "" || rest.length < link.rest) link = { path, rest: rest.length };
        const target = this.#host.decode(sight.content);
        rest.unshift(...parts(target));
        if (target.startsWith("/")) resolved = "";
        continue;
      }
      if (rest.length > 0 && sight.kind !== "directory")
        return { state: "missing", path, errno: ENOTDIR, ...more() };
      if (sight.kind === "directory") folders.push({ path: path || "/", sight });
      resolved = path;
    }
    if (last.sight === undefined) return { state: "unknown", path: resolved || "/", ...more() };
    return { state: "found", path: resolved || "/", sight: last.sight, ...more() };
  }
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
