// SPDX-License-Identifier: Apache-2.0

/**
 * How orphans ended. The process of a created container is a child of PID 1 as soon as `create` has ended, and here
 * PID 1 is our warden, which tells.
 */

export interface Exit {
  readonly code: number | null;
  readonly signal: number | null;
}

const parse = /^(\d+) (exit|signal) (\d+)$/;

export class Reaps {
  readonly #ended = new Map<number, Exit>();
  readonly #waiting = new Map<number, (exit: Exit) => void>();

  /** A line of the warden: `12 exit 0`, `12 signal 9`. */
  note(line: string): void {
    const [, pid, how, number] = line.match(parse) ?? [];
    if (pid === undefined) return;
    const exit =
      how === "exit" ? { code: Number(number), signal: null } : { code: null, signal: Number(number) };
    this.#ended.set(Number(pid), exit);
    this.#waiting.get(Number(pid))?.(exit);
  }

  /** Pids come back: what an earlier case saw is of no use to the next. */
  forget(): void {
    this.#ended.clear();
    this.#waiting.clear();
  }

  peek(pid: number): Exit | undefined {
    return this.#ended.get(pid);
  }

  /** undefined when it has not ended within the time. */
  async wait(pid: number, milliseconds: number): Promise<Exit | undefined> {
    const known = this.#ended.get(pid);
    if (known) return known;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), milliseconds);
      this.#waiting.set(pid, (exit) => {
        clearTimeout(timer);
        resolve(exit);
      });
    });
  }
}

export const exitWords = (exit: Exit | undefined): string =>
  exit === undefined
    ? "it has not ended"
    : exit.signal === null
      ? `exit code ${exit.code}`
      : `ended by signal ${exit.signal}`;
