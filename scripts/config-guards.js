// SPDX-License-Identifier: Apache-2.0

/**
 * Turns the schemas into guards: plain functions that say yes or no and stop at the first no. ajv's own code
 * for the same schemas is seven times as large and takes twice the time, and every start of a container would
 * load and run it. A test holds the two against each other.
 */

/** @typedef {Record<string, any>} Schema */

const exact = BigInt(Number.MAX_SAFE_INTEGER);

/** Whether a range goes beyond what a number holds exactly: its values may be bigints. */
export const isBig = (/** @type {[bigint, bigint]} */ [min, max]) => min < -exact || max > exact;

/** The definition that a $ref names. */
export const refName = (/** @type {string} */ ref) => ref.replace("#/$defs/", "");

const helpers = `
const object = (x) => typeof x === "object" && x !== null && !Array.isArray(x);
const int = (x, min, max) => typeof x === "number" && x >= min && x <= max && x % 1 === 0;
const long = (x, min, least, most) =>
  typeof x === "number" ? Number.isSafeInteger(x) && x >= min : typeof x === "bigint" && x >= least && x <= most;
const strings = (x) => {
  if (!Array.isArray(x)) return false;
  for (let i = 0; i < x.length; i++) if (typeof x[i] !== "string") return false;
  return true;
};`;

const supported = new Set(
  (
    "$ref type properties required items minItems maxItems additionalProperties propertyNames enum pattern minLength " +
    "maxLength integer anyOf if then dependentRequired $schema $id $defs title description x-spec x-expected"
  ).split(" "),
);

/**
 * Conditions on one string, each true when it is not allowed.
 * @param {Schema} node @param {string} x
 */
function stringFaults(node, x) {
  const faults = [];
  if (node.type) faults.push(`typeof ${x} !== "string"`);
  if (node.enum)
    faults.push(
      node.enum.map((/** @type {string} */ word) => `${x} !== ${JSON.stringify(word)}`).join(" && "),
    );
  if (node.minLength === 1) faults.push(`${x} === ""`);
  else if (node.minLength) throw new Error("minLength beyond 1");
  if (node.maxLength)
    faults.push(`(${x}.length > ${node.maxLength} && [...${x}].length > ${node.maxLength})`);
  if (node.pattern === "^/") faults.push(`${x}.charCodeAt(0) !== 47`);
  else if (node.pattern) faults.push(`!${new RegExp(node.pattern, "u")}.test(${x})`);
  return faults.join(" || ");
}

/** @param {Schema} node @param {string} x @param {number} depth */
function objectChecks(node, x, depth) {
  const absent = (/** @type {string} */ name) => `${x}.${name} === undefined`;
  const present = (/** @type {string} */ name) => `${x}.${name} !== undefined`;
  const lines = [`if (!object(${x})) return false;`];
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const value = `v${depth}`;
    const inner = checks(child, value, depth + 1);
    const body = node.required?.includes(name) ? inner : `if (${value} !== undefined) { ${inner} }`;
    lines.push(`{ const ${value} = ${x}.${name}; ${body} }`);
  }
  for (const [name, others] of Object.entries(node.dependentRequired ?? {}))
    lines.push(`if (${present(name)} && (${others.map(absent).join(" || ")})) return false;`);
  if (node.anyOf) {
    const choices = node.anyOf.map((/** @type {Schema} */ { required }) =>
      required.map(present).join(" && "),
    );
    lines.push(`if (!(${choices.join(" || ")})) return false;`);
  }
  if (node.if) {
    const [[name, { enum: words }], ...more] = Object.entries(node.if.properties);
    if (more.length > 0) throw new Error("if with several properties");
    const applies = words.map((/** @type {string} */ word) => `${x}.${name} === ${JSON.stringify(word)}`);
    lines.push(
      `if ((${applies.join(" || ")}) && (${node.then.required.map(absent).join(" || ")})) return false;`,
    );
  }
  if (node.additionalProperties) {
    if (node.properties) throw new Error("properties beside additionalProperties");
    const names = node.propertyNames ? `if (${stringFaults(node.propertyNames, "name")}) return false; ` : "";
    const inner = checks(node.additionalProperties, `v${depth}`, depth + 1);
    lines.push(`for (const name in ${x}) { ${names}const v${depth} = ${x}[name]; ${inner} }`);
  }
  return lines.join("\n");
}

/**
 * Statements that return false when the value named `x` is not allowed.
 * @param {Schema} node @param {string} x @param {number} depth
 * @returns {string}
 */
function checks(node, x, depth) {
  for (const key of Object.keys(node)) if (!supported.has(key)) throw new Error(`keyword ${key}`);
  if (node.$ref) return `if (!is${refName(node.$ref)}(${x})) return false;`;
  if (Array.isArray(node.type)) {
    const type = node.type.find((/** @type {string} */ name) => name !== "null");
    return `if (${x} !== null) { ${checks({ ...node, type }, x, depth)} }`;
  }
  if (node.integer) {
    const [min, max] = node.integer;
    const call = isBig(node.integer) ? `long(${x}, ${min}, ${min}n, ${max}n)` : `int(${x}, ${min}, ${max})`;
    return `if (!${call}) return false;`;
  }
  if (node.type === "object") return objectChecks(node, x, depth);
  if (node.type === "boolean") return `if (typeof ${x} !== "boolean") return false;`;
  if (node.type !== "array") return `if (${stringFaults(node, x)}) return false;`;
  const size =
    (node.minItems ? ` || ${x}.length < ${node.minItems}` : "") +
    (node.maxItems ? ` || ${x}.length > ${node.maxItems}` : "");
  if (Object.keys(node.items).join() === "type" && node.items.type === "string")
    return `if (!strings(${x})${size}) return false;`;
  const item = `v${depth}`;
  const inner = checks(node.items, item, depth + 1);
  return `if (!Array.isArray(${x})${size}) return false;
    for (let i${depth} = 0; i${depth} < ${x}.length; i${depth}++) { const ${item} = ${x}[i${depth}]; ${inner} }`;
}

/**
 * The guards of all schemas as one module.
 * @param {Record<string, Schema>} schemas
 */
export function guards(schemas) {
  const parts = [helpers];
  const guard = (/** @type {string} */ name, /** @type {Schema} */ node) =>
    `function is${name}(x) {\n${checks(node, "x", 0)}\nreturn true;\n}`;
  for (const schema of Object.values(schemas)) {
    for (const [name, node] of Object.entries(schema.$defs)) parts.push(guard(name, node));
    parts.push(`export ${guard(schema.title, schema)}`);
  }
  return parts.join("\n");
}
