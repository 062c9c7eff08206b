// SPDX-License-Identifier: Apache-2.0

/** A path without ".", ".." and empty parts, from `base` when it is relative. Lexical: nothing is looked up. */
export function absolutePath(base: string, path: string): string {
  // most are fine as they stand
  if (path.startsWith("/") && !path.includes("/.") && !path.includes("//") && !path.endsWith("/"))
    return path;
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
