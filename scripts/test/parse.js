// SPDX-License-Identifier: Apache-2.0
// Reads counts out of what tests print. A result is { passed, failed, skipped: [reason…] }.

const failure = { passed: 0, failed: 1, skipped: [] };

/**
 * uvu's summary, with the skips that our wrapper around uvu (uvu.js) names. Anything that does not add up counts as
 * a failure: no summary, no test at all, a non-zero exit code without a failed test, a forgotten test.only.
 */
export function parseUvu({ code, output }) {
  const count = (name) => Number(output.match(new RegExp(`^\\s*${name}:\\s+(\\d+)\\s*$`, "m"))?.[1] ?? NaN);
  const total = count("Total");
  const passed = count("Passed");
  if (Number.isNaN(total + passed))
    return { ...failure, why: "it printed no summary: is test.run() missing?" };

  const skipped = [...output.matchAll(/^# SKIP (.*)$/gm)].map((match) => match[1]);
  const unexplained = skipped.filter((name) => !name.includes(" # "));
  if (unexplained.length > 0) {
    return {
      passed,
      failed: total - passed + unexplained.length,
      skipped,
      why: `skips without " # reason": ${unexplained}`,
    };
  }
  if (count("Skipped") !== skipped.length) return { passed, failed: 1, skipped, why: "a test.only was left" };
  if (total + skipped.length === 0) return { ...failure, why: "it ran no test" };
  const failed = total - passed;
  if (code !== 0 && failed === 0) return { passed, failed: 1, skipped, why: `exit code ${code}` };
  return { passed, failed, skipped };
}

/** TAP, with `# SKIP reason`; the plan must fit. Failures with `# TODO reason` are expected ones: `known`. */
export function parseTap({ code, output }) {
  const lines = output.split("\n");
  const skipped = [];
  const known = [];
  let passed = 0;
  let failed = 0;
  for (const line of lines) {
    const skip = line.match(/^ok \d+ - (.*) # SKIP (.*)$/);
    const expected = line.match(/^not ok \d+ - (.*) # TODO (.*)$/);
    if (skip) skipped.push(`${skip[1]} # ${skip[2]}`);
    else if (expected) known.push(`${expected[1]} # ${expected[2]}`);
    else if (/^ok \d/.test(line)) passed++;
    else if (/^not ok \d/.test(line)) failed++;
  }
  const planned = Number(output.match(/^1\.\.(\d+)$/m)?.[1] ?? NaN);
  const ran = passed + failed + skipped.length + known.length;
  if (planned !== ran)
    return { passed, failed: failed + 1, skipped, known, why: `${ran} checks ran, planned were ${planned}` };
  if (ran === 0) return { ...failure, why: "it ran no check" };
  if (code !== 0 && failed === 0) return { passed, failed: 1, skipped, known, why: `exit code ${code}` };
  return { passed, failed, skipped, known };
}

/** A check that either passes or fails as a whole. */
export function parseExitCode({ code }) {
  return code === 0 ? { passed: 1, failed: 0, skipped: [] } : failure;
}
