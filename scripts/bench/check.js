// SPDX-License-Identifier: Apache-2.0

/** Holds the figures against the bars that the project set itself. */

const RIVAL = "crun";
const BARS = { run: 0.8, start: 0.6, state: 0.6, kill: 0.6, delete: 0.6, exec: 0.6 };
/** By bundle. */
const TIME_BARS = { spec: BARS, podman: BARS, limits: { create: 0.7 } };
const PEAK_MB = 5;
const EXECUTABLE_MB = 4;

/** {what, value, bar, ok} for each bar; what could not be measured is a miss. */
export function check(data, wanted, bundles) {
  const subject = data.runtimes.find((runtime) => runtime.subject);
  const rivals = data.runtimes.filter(({ kind }) => kind === RIVAL);
  if (subject === undefined) return [{ what: "runts was not measured", ok: false }];
  const verdicts = [];
  const hold = (what, value, bar) =>
    verdicts.push({ what, value, bar, ok: value !== undefined && value <= bar });
  if (rivals.length === 0) verdicts.push({ what: `${RIVAL} was not measured`, ok: false });
  for (const { label } of rivals)
    for (const bundle of bundles)
      for (const [command, bar] of Object.entries(TIME_BARS[bundle])) {
        if (!wanted.has(command)) continue;
        const ratio = data.ratios.find((r) => r.bundle === bundle && r.command === command && r.to === label);
        hold(`${bundle} ${command}: time of ${label}`, ratio?.time, bar);
      }
  const peaks = data.results.filter(({ label }) => label === subject.label).map(({ peakMb }) => peakMb);
  hold("peak memory, MB", peaks.length > 0 ? Math.max(...peaks) : undefined, PEAK_MB);
  hold("executable, MB", subject.bytes / 1e6, EXECUTABLE_MB);
  return verdicts;
}

export function verdictText(verdicts) {
  return verdicts
    .map(({ what, value, bar, ok }) => {
      const found = bar === undefined ? "" : `: ${value?.toFixed(2) ?? "not measured"} (at most ${bar})`;
      return `${ok ? "ok    " : "MISSED"}  ${what}${found}`;
    })
    .join("\n");
}
