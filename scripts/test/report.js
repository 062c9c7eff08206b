// SPDX-License-Identifier: Apache-2.0
// Counts results and prints them as they come.

const indented = (text) => text.trimEnd().replace(/^/gm, "      ");

export class Report {
  #results = [];

  /** `result`: { passed, failed, skipped: [reason…], seconds, output, why? } */
  add(stage, name, result) {
    this.#results.push({ stage, name, ...result });
    const { passed, failed, skipped, seconds = 0 } = result;
    const counts = [`${passed} passed`];
    if (failed > 0) counts.push(`${failed} failed`);
    if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
    const mark = failed > 0 ? "FAIL" : passed > 0 ? "ok" : "skip";
    console.log(
      `${mark.padEnd(4)} ${stage.padEnd(8)} ${name.padEnd(44)} ${counts.join(", ")}  ${seconds.toFixed(1)} s`,
    );
    if (failed > 0) {
      if (result.why) console.log(indented(result.why));
      if (result.output) console.log(indented(result.output));
    }
  }

  /** A whole file or stage that is not run; `reason` says why. */
  skip(stage, name, reason) {
    this.add(stage, name, { passed: 0, failed: 0, skipped: [`${name} # ${reason}`] });
  }

  /** Takes over the results of another process, which has printed them already. */
  adopt(results) {
    this.#results.push(...results);
  }

  get results() {
    return this.#results;
  }

  get isEmpty() {
    return this.#results.length === 0;
  }

  /** The skips and the failed files again, and the closing line. Returns whether all is well. */
  close() {
    const sum = (field) => this.#results.reduce((total, result) => total + result[field], 0);
    const skips = this.#results.flatMap(({ stage, skipped }) =>
      skipped.map((reason) => `${stage}: ${reason}`),
    );
    const failures = this.#results.filter(({ failed }) => failed > 0);
    if (skips.length > 0) console.log(`\nskipped:\n${skips.map((line) => `  ${line}`).join("\n")}`);
    if (failures.length > 0) {
      console.log(
        `\nfailed:\n${failures.map(({ stage, name, failed }) => `  ${stage} ${name}: ${failed}`).join("\n")}`,
      );
    }
    console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${skips.length} skipped`);
    return failures.length === 0 && sum("passed") > 0;
  }
}
