// SPDX-License-Identifier: Apache-2.0

/** The look of the clauses and of the filters above them. */

const rows = `
.chapter { margin-bottom: 2.5rem; scroll-margin-top: -2.75rem; }
.chapter h3 {
  position: sticky; top: var(--bar, 0px); z-index: 1; margin: 0; padding: .55rem 0;
  background: var(--paper); border-bottom: 2px solid var(--ink); font-size: 1.0625rem; font-weight: 650;
}
.chapter h3 { align-items: baseline; }
.chapter h3 .cells { font-size: .875rem; font-weight: 600; }
.chapter h3, summary, div.clause, .case { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: 1.5rem; }
.cells { display: grid; grid-template-columns: repeat(var(--columns), var(--cell)); align-items: start; column-gap: .5rem; }
.clause { border-bottom: 1px solid var(--line); }
summary, div.clause { padding: .6rem 0 .65rem 1.1rem; }
summary { list-style: none; cursor: pointer; position: relative; }
summary::-webkit-details-marker { display: none; }
summary::before {
  content: ""; position: absolute; left: 0; top: 1.05rem; border: .28rem solid transparent;
  border-left: .42rem solid var(--soft); border-right: 0;
}
details[open] > summary::before { transform: rotate(90deg); }
summary:hover { background: var(--panel); }
.clause:target, .case:target { background: var(--panel); box-shadow: -.3rem 0 0 var(--link); }
.line { display: flex; flex-wrap: wrap; gap: 0 .7rem; align-items: baseline; font-size: .875rem; }
.level { font-size: .8125rem; color: var(--soft); min-width: 3.7em; }
.level.must { font-weight: 700; color: var(--ink); }
.id { color: var(--ink); }
.section { font-size: .8125rem; color: var(--soft); }
.text { display: block; margin-top: .1rem; max-width: 46rem; }
.why { display: block; color: var(--soft); font-size: .875rem; max-width: 46rem; }`;

const cells = `
.cell { display: inline-flex; align-items: center; gap: .35rem; font-size: .875rem; line-height: 1.4; padding: .05rem 0;
  font-variant-numeric: tabular-nums; justify-self: start; }
.cell .who { display: none; }
.cell.fail { background: var(--fail); color: var(--on-fail); padding: .05rem .45rem .05rem .35rem; margin-left: -.35rem;
  border-radius: .2rem; font-weight: 600; }
.cell.wide { grid-column: 1 / -1; }
.cell small { font-weight: 400; }`;

const cases = `
.cases { padding: 0 0 .75rem 1.1rem; font-size: .9375rem; }
.case { padding: .4rem 0; border-top: 1px dotted var(--line); }
.also { display: block; color: var(--soft); }
.found { grid-column: 1 / -1; margin: .4rem 0 .5rem; padding: .5rem .9rem; background: var(--panel); font-size: .875rem; }
.found h4 { margin: 0 0 .25rem; font-size: .875rem; font-weight: 650; }
.found dl { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .1rem 1rem; margin: 0; align-items: baseline; }
.found dt { color: var(--soft); }
.found dd { margin: 0; }
.found pre { margin: 0; white-space: pre-wrap; }
.elsewhere { color: var(--soft); font-size: .875rem; border-top: 1px dotted var(--line); padding-top: .4rem; }
.elsewhere ul { margin: 0; padding: 0; list-style: none; }`;

const filters = `
.filters { display: none; }
.js .filters {
  display: flex; flex-wrap: wrap; gap: .45rem .9rem; align-items: center; position: sticky; top: 0; z-index: 2;
  padding: .7rem 0; background: var(--paper); font-size: .875rem;
}
.filters fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem; }
.filters input[type=search], .filters select, .filters button {
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .25rem;
  padding: .22rem .5rem;
}
.filters input[type=search] { width: 11rem; }
.filters select { max-width: 12rem; }
.filters button { cursor: pointer; }
.chip { display: inline-flex; align-items: center; gap: .3rem; border: 1px solid var(--line); border-radius: 1rem;
  padding: .12rem .6rem; cursor: pointer; white-space: nowrap; }
.chip input { position: absolute; opacity: 0; width: 1px; height: 1px; margin: 0; }
.chip:has(:checked) { background: var(--ink); border-color: var(--ink); color: var(--paper); }
.chip:has(:focus-visible) { outline: 2px solid var(--link); outline-offset: 2px; }
.found-count { margin-left: auto; color: var(--soft); font-variant-numeric: tabular-nums; }
.found-count button { color: var(--ink); margin-left: .4rem; }
[hidden] { display: none !important; }`;

/** Where the columns do not fit beside the sentence, the runtimes' names stand in the cells. */
const narrow = (columns: number) => `
@media (max-width: ${30 + 7 * columns}rem) {
  .chapter h3 .cells { display: none; }
  summary, div.clause, .case { grid-template-columns: minmax(0, 1fr); }
  .cells { grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .15rem .5rem; margin-top: .3rem; }
  .cell .who { display: inline; color: var(--soft); font-weight: 400; }
  .cell.fail .who { color: inherit; }
  .cell.fail { margin-left: 0; }
  .cell.absent { display: none; }
}
@media (max-width: 48rem), (max-height: 30rem) {
  .js .filters { position: static; }
  .filters input[type=search] { flex: 1 1 10rem; }
  .found-count { margin-left: 0; }
}
@media (max-width: 40rem) {
  .found { padding: .5rem .7rem; }
  .found dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .found dd { margin-bottom: .3rem; }
}`;

/** On paper what failed is open, and nothing is sticky or coloured by its background alone. */
const print = `
@media print {
  :root { color-scheme: light; --paper: #fff; --panel: #fff; --ink: #000; --soft: #444; --line: #bbb;
    --pass: #0a6b4d; --fail: #b42a14; --on-fail: #b42a14; --expected: #875600; --skip: #555; --link: #000;
    --bar-pass: #2f9a76; --bar-expected: #e0a63a; --bar-fail: #b42a14; --bar-skip: #ddd; }
  body { font-size: 10pt; padding: 0; max-width: none; }
  .js .filters { display: none; }
  .chapter h3 { position: static; break-after: avoid; }
  .clause, .case, .card, tr { break-inside: avoid; }
  details.clause[open] { break-inside: auto; }
  .cell.fail { background: none; border: 1px solid; }
  .bar, .time { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details[data-marks~=fail]::details-content { display: block; content-visibility: visible; block-size: auto; }
}`;

export const clausesLook = (columns: number): string =>
  [
    `:root { --columns: ${columns}; --cell: ${columns > 5 ? 6 : 7}rem; }`,
    rows,
    cells,
    cases,
    filters,
    narrow(columns),
    print,
  ].join("\n");
