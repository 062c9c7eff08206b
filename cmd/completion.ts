// SPDX-License-Identifier: Apache-2.0

import type { Runtime } from "../lib/container/runtime.ts";
import { command } from "./flags.ts";

/** The shell hands every word after the program's name to `runts completion --`; the last is unfinished. */
const script = `# eval "$(runts completion)" in bash; in zsh after: autoload -U +X bashcompinit && bashcompinit
_runts() {
  local IFS=$'\\n' words
  words=$("\${COMP_WORDS[0]}" completion -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _runts runts
`;

const takesContainer = [
  "start",
  "state",
  "exec",
  "kill",
  "pause",
  "resume",
  "update",
  "delete",
  "ps",
  "events",
  "stats",
];

export default command({
  name: "completion",
  about: "print a shell's completion script",
  arguments: [{ name: "words", optional: true, many: true, about: "the words so far" }],
  flags: {},
  async run({ host, runtime, words }) {
    if (words.length === 0) {
      host.write(1, script);
      return 0;
    }
    const { completions } = await import("./usage.ts");
    const found = [...(await completions(words)), ...containers(runtime, words)];
    host.write(1, found.map((word) => `${word}\n`).join(""));
    return 0;
  },
});

function containers(runtime: Runtime, words: readonly string[]): readonly string[] {
  const called = words.slice(0, -1).some((word) => takesContainer.includes(word));
  if (!called || words.at(-1)?.startsWith("-")) return [];
  try {
    return runtime.host.list(runtime.root).filter((name) => !name.startsWith("."));
  } catch {
    return []; // no container was ever made
  }
}
