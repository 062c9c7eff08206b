// SPDX-License-Identifier: Apache-2.0

/**
 * Writes lib/config/generated/ from schemas/{config,state,features}.json:
 *   NAME.ts             types
 *   guards.js           isNAME: one fast yes or no for the hot path
 *   NAME-violations.js  ajv, standalone: every violation, for the error path
 *   NAME-allowed.js     what is allowed where, and which section of the spec says so, for the error path
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { _, Ajv2020 } from "ajv/dist/2020.js";
import { _Code } from "ajv/dist/compile/codegen/code.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build, transform } from "esbuild";
import { compile } from "json-schema-to-typescript";
import { guards, isBig, refName } from "./config-guards.js";

/** @typedef {Record<string, any>} Schema */

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}lib/config/generated/`;
const banner = "// Written by scripts/generate-config.js; do not edit.";

/** Definitions with a small first letter are shorthands of this file; the others are types. */
const isShorthand = (/** @type {string} */ name) => /^[a-z]/.test(name);

/**
 * The schema with shorthands put in their places, integers as {integer: [min, max]} (bigints: JSON.parse would
 * round their bounds) and references to types without neighbours.
 * @param {string} name
 * @returns {Schema}
 */
function readSchema(name) {
  const text = readFileSync(`${root}schemas/${name}.json`, "utf8");
  const quoted = text.replace(/"(minimum|maximum)": (-?\d+)/g, '"$1": "$2n"');
  const schema = JSON.parse(quoted, (_key, value) =>
    typeof value === "string" && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  );
  const expand = (/** @type {any} */ node) => {
    if (Array.isArray(node)) return node.map(expand);
    if (typeof node !== "object" || node === null) return node;
    const name = node.$ref && refName(node.$ref);
    if (name && isShorthand(name)) return expand({ ...schema.$defs[name], ...node, $ref: undefined });
    const result = Object.fromEntries(
      Object.entries(node)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, expand(value)]),
    );
    if (node.type !== "integer") return result;
    const { type, minimum, maximum, ...rest } = result;
    return { ...rest, integer: [minimum, maximum] };
  };
  const expanded = expand(schema);
  expanded.$defs = Object.fromEntries(
    Object.entries(expanded.$defs ?? {}).filter(([name]) => !isShorthand(name)),
  );
  return expanded;
}

/**
 * The schema with every node changed by `change`, names of properties left alone.
 * @param {any} node
 * @param {(node: Schema) => Schema} change
 * @returns {any}
 */
function mapNodes(node, change) {
  const each = (/** @type {Schema} */ nodes) =>
    Object.fromEntries(Object.entries(nodes).map(([name, child]) => [name, mapNodes(child, change)]));
  const copy = { ...node };
  for (const key of ["properties", "$defs"]) if (copy[key]) copy[key] = each(copy[key]);
  for (const key of ["items", "additionalProperties", "propertyNames", "if", "then"])
    if (copy[key]) copy[key] = mapNodes(copy[key], change);
  if (copy.anyOf) copy.anyOf = copy.anyOf.map((/** @type {Schema} */ child) => mapNodes(child, change));
  return change(copy);
}

// ---- types -------------------------------------------------------------------------------------------------

/** @param {string} name @param {Schema} schema */
async function types(name, schema) {
  const plain = mapNodes(schema, (node) => {
    if (node.$ref) return { $ref: node.$ref };
    const { anyOf, if: _if, then, propertyNames, dependentRequired, pattern, integer, ...rest } = node;
    if (!integer) return rest;
    return isBig(integer) ? { ...rest, tsType: "number | bigint" } : { ...rest, type: "number" };
  });
  const text = await compile(plain, name, {
    additionalProperties: false,
    bannerComment: banner,
    format: true,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
    style: { printWidth: 110, singleQuote: false },
  });
  return text
    .replace(/^(\s+)(\[k: string\]|"[^"]+"|[\w$]+)(\??): /gm, "$1readonly $2$3: ")
    .replace(/: (\([^()]+\)|[\w.]+)\[\]/g, ": readonly $1[]");
}

// ---- violations and what is allowed ------------------------------------------------------------------------

/** @param {Schema} schema */
async function violations(schema) {
  const source = { source: true, esm: true };
  const ajv = new Ajv2020({
    allErrors: true,
    messages: false,
    strictTypes: false,
    inlineRefs: false,
    code: source,
  });
  ajv.addKeyword({
    keyword: "integer",
    schemaType: "array",
    error: { message: "", params: _`{}` },
    code(context) {
      const [min, max] = context.schema;
      const { data } = context;
      const raw = (/** @type {string} */ text) => new _Code(text);
      context.fail(
        isBig([BigInt(min), BigInt(max)])
          ? _`!(typeof ${data} == "number" ? Number.isSafeInteger(${data}) && ${data} >= ${raw(min)} : typeof ${data} == "bigint" && ${data} >= ${raw(`${min}n`)} && ${data} <= ${raw(`${max}n`)})`
          : _`!(typeof ${data} == "number" && ${data} >= ${raw(min)} && ${data} <= ${raw(max)} && ${data} % 1 === 0)`,
      );
    },
  });
  const bare = mapNodes(schema, (node) => {
    const { description, "x-spec": _spec, "x-expected": _expected, integer, ...rest } = node;
    return integer ? { ...rest, integer: integer.map(String) } : rest;
  });
  const code = standaloneCode(ajv, ajv.compile(bare));
  const options = {
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    minify: true,
  };
  const result = await build({ ...options, stdin: { contents: code, resolveDir: root } });
  return `${banner}\n${result.outputFiles[0].text}`;
}

const article = (/** @type {string} */ word) => (/^[aeio]/.test(word) ? `an ${word}` : `a ${word}`);

/** @param {Schema} node @returns {string} */
function phrase(node) {
  if (node["x-expected"]) return node["x-expected"];
  if (Array.isArray(node.type)) return `${phrase({ ...node, type: node.type[0] })} or null`;
  if (node.enum) return `one of ${node.enum.join(", ")}`;
  if (node.integer) return `an integer from ${node.integer[0]} to ${node.integer[1]}`;
  if (node.type === "boolean") return "true or false";
  if (node.type === "array" && node.items.type === "string") return "an array of strings";
  if (node.maxItems) return `an array of at most ${node.maxItems}`;
  if (node.maxLength) return `a string of at most ${node.maxLength} characters`;
  return node.minLength ? "a string that is not empty" : article(node.type ?? "string");
}

/**
 * What `Allowed` of lib/config/violations.ts describes.
 * @param {Schema} node @returns {Schema}
 */
function allowed(node) {
  const children = Object.entries(node.properties ?? {}).map(([name, child]) => [name, allowed(child)]);
  return {
    ...(node["x-spec"] && { spec: node["x-spec"] }),
    ...(node.$ref ? { ref: refName(node.$ref) } : { expected: phrase(node) }),
    ...(node.enum && { words: node.enum }),
    ...(children.length > 0 && { properties: Object.fromEntries(children) }),
    ...(node.propertyNames && { names: phrase({ ...node.propertyNames, type: "string" }) }),
    ...(node.additionalProperties && { each: allowed(node.additionalProperties) }),
    ...(node.items && { each: allowed(node.items) }),
  };
}

// ---- main --------------------------------------------------------------------------------------------------

const schemas = Object.fromEntries(["config", "state", "features"].map((name) => [name, readSchema(name)]));
const write = (/** @type {string} */ file, /** @type {string} */ text) => writeFileSync(target + file, text);

mkdirSync(target, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  write(`${name}.ts`, await types(name, schema));
  write(`${name}-violations.js`, await violations(schema));
  write(
    `${name}-violations.d.ts`,
    `${banner}\nimport type { Validator } from "../violations.ts";\nexport declare const validate: Validator;\n`,
  );
  const defs = Object.fromEntries(Object.entries(schema.$defs).map(([name, node]) => [name, allowed(node)]));
  write(
    `${name}-allowed.js`,
    `${banner}\nexport const allowed = ${JSON.stringify({ ...allowed(schema), defs })};\n`,
  );
  write(
    `${name}-allowed.d.ts`,
    `${banner}\nimport type { AllowedRoot } from "../violations.ts";\nexport declare const allowed: AllowedRoot;\n`,
  );
}
const { code } = await transform(guards(schemas), { loader: "js", target: "es2023" });
write("guards.js", `${banner}\n${code}`);
write(
  "guards.d.ts",
  `${banner}\n${Object.entries(schemas)
    .map(
      ([name, { title }]) =>
        `import type { ${title} } from "./${name}.ts";\nexport declare function is${title}(value: unknown): value is ${title};`,
    )
    .join("\n")}\n`,
);
