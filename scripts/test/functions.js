// SPDX-License-Identifier: Apache-2.0
// Finds functions and their lengths in TypeScript, JavaScript and C by their braces.

/** Comments, strings, regular expressions and preprocessor lines; what is left has only braces that mean something. */
const opaque = {
  c: /^[ \t]*#(?:\\\n|[^\n])*|\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/gm,
  // A regular expression is taken for one only after what cannot end a value. Template literals are taken whole:
  // a function inside of one is not counted.
  script:
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*`|(?<=[=(,:?&|!;{[]\s*|return\s+)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/g,
};

/** The same text with everything opaque blanked out, line breaks kept. */
function blank(text, language) {
  return text.replace(opaque[language], (part) => part.replace(/[^\n]/g, " "));
}

const control = /\b(?:if|for|while|switch|catch|with|else|do|try|finally)\b[^;{}]*$/;

/** Whether a block opened after `head` (the code since the last statement or block) is a function's body. */
function opensFunction(head, language) {
  const code = head.trimEnd();
  if (language === "c") return /\)$/.test(code) && !control.test(code);
  if (/=>$/.test(code)) return true;
  // name(…) {   name(…): Type {   function name(…) {
  return /\)\s*(?::[^=;]*)?$/.test(code) && !control.test(code);
}

function nameOf(head) {
  const code = head.trim();
  const match = code.match(/(?:function\s+|const\s+|let\s+)?([\w$#]+)\s*(?:=|\(|<|:)/);
  return match?.[1] ?? "a function";
}

/** [{ line, name, length }] of the functions longer than `limit` lines. */
export function longFunctions(text, limit, language) {
  const code = blank(text, language);
  const found = [];
  const open = [];
  let line = 1;
  let head = "";
  let headLine = 1;
  for (const char of code) {
    if (char === "\n") line++;
    if (char === "{") {
      open.push({ isFunction: opensFunction(head, language), name: nameOf(head), line: headLine });
      head = "";
    } else if (char === "}") {
      const block = open.pop();
      const length = line - (block?.line ?? line) + 1;
      if (block?.isFunction && length > limit) found.push({ line: block.line, name: block.name, length });
      head = "";
    } else if (char === ";") {
      head = "";
    } else {
      // A head begins at its first word, not at the blank lines and comments before it.
      if (head === "" && /\s/.test(char)) continue;
      if (head === "") headLine = line;
      head += char;
    }
  }
  return found;
}
