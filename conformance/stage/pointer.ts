// SPDX-License-Identifier: Apache-2.0

/** Changes of a JSON document by JSON pointer (RFC 6901). */

export type Json = unknown;
export type JsonObject = { [name: string]: Json };

const isContainer = (value: Json): value is JsonObject | Json[] =>
  typeof value === "object" && value !== null;

function words(pointer: string): readonly string[] {
  if (!pointer.startsWith("/")) throw new Error(`not a JSON pointer: ${JSON.stringify(pointer)}`);
  return pointer
    .slice(1)
    .split("/")
    .map((word) => word.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function child(parent: JsonObject | Json[], word: string): Json {
  return Array.isArray(parent) ? parent[Number(word)] : parent[word];
}

/** `-` appends to a list; undefined removes. */
function assign(parent: JsonObject | Json[], word: string, value: Json): void {
  if (Array.isArray(parent)) {
    if (word === "-") parent.push(value);
    else if (value === undefined) parent.splice(Number(word), 1);
    else parent[Number(word)] = value;
  } else if (value === undefined) delete parent[word];
  else parent[word] = value;
}

/** Sets one place of the document, making the objects on the way; before `-` a missing list. */
export function setAt(document: JsonObject, pointer: string, value: Json): void {
  const way = words(pointer);
  const last = way.at(-1) ?? "";
  let parent: JsonObject | Json[] = document;
  way.slice(0, -1).forEach((word, at) => {
    const found = child(parent, word);
    const next: JsonObject | Json[] = isContainer(found) ? found : way[at + 1] === "-" ? [] : {};
    if (next !== found) assign(parent, word, next);
    parent = next;
  });
  assign(parent, last, value);
}

/** A copy of the document with the changes applied in their order. */
export function changed(
  document: JsonObject,
  ...changes: readonly Readonly<Record<string, Json>>[]
): JsonObject {
  const copy = structuredClone(document);
  for (const change of changes) {
    for (const [pointer, value] of Object.entries(change)) setAt(copy, pointer, structuredClone(value));
  }
  return copy;
}
