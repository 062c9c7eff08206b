// SPDX-License-Identifier: Apache-2.0

/** The look of the page: its colours, its top and its tables. That of the clauses is in page-clauses.css.ts. */

const colours = `
:root {
  color-scheme: light dark;
  --paper: #fdfcfa; --panel: #f5f2ec; --ink: #1d1b18; --soft: #625d55; --line: #e3ded5;
  --pass: #0a6b4d; --fail: #b42a14; --on-fail: #fff; --expected: #875600; --skip: #66625c; --link: #1f5a8c;
  --bar-pass: #2f9a76; --bar-expected: #e0a63a; --bar-fail: #b42a14; --bar-skip: #ddd8cf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171614; --panel: #201e1b; --ink: #e8e4dd; --soft: #a59f95; --line: #34312c;
    --pass: #63c9a3; --fail: #ff9a85; --on-fail: #2a0a04; --expected: #e5b556; --skip: #a59f95; --link: #8bbce6;
    --bar-pass: #3f9f7d; --bar-expected: #c9932f; --bar-fail: #f0705a; --bar-skip: #45413b;
  }
}`;

const text = `
* { box-sizing: border-box; }
html { scroll-padding-top: calc(var(--bar, 0px) + 3rem); }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 88rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%; overflow-wrap: anywhere;
}
h1 { font-size: 2.1rem; line-height: 1.15; font-weight: 650; letter-spacing: -.02em; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; font-weight: 650; letter-spacing: -.01em; margin: 3.5rem 0 .75rem; }
.lead { color: var(--soft); max-width: 46rem; margin: 0 0 2rem; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
code, pre { font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
small { font-size: .8125rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.drawings { position: absolute; }
.mark { width: 1em; height: 1em; vertical-align: -.14em; flex: none; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .expected { color: var(--expected); }
.skip, .untested, .untestable { color: var(--skip); }
rect.pass { fill: var(--bar-pass); } rect.expected { fill: var(--bar-expected); } rect.skip { fill: var(--bar-skip); }
rect.fail { fill: url(#hatch); }
.ground { fill: var(--bar-fail); } .stripe { fill: var(--paper); }
.bar rect { stroke: var(--paper); stroke-width: 1px; }`;

const top = `
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1.5rem 2.5rem; }
.card { border-top: 2px solid var(--ink); padding-top: .75rem; max-width: 40rem; }
.card h2 { margin: 0; font-size: 1.3rem; }
.card p { margin: 0; color: var(--soft); font-size: .875rem; }
.levels { display: grid; grid-template-columns: auto 1fr; gap: .5rem .9rem; margin: 1rem 0; align-items: baseline; }
.levels dt { font-size: .875rem; color: var(--soft); }
.levels dd { margin: 0; display: grid; gap: .2rem; }
.bar { display: block; width: 100%; height: .6rem; background: var(--bar-skip); }
.figures { font-size: .875rem; font-variant-numeric: tabular-nums; }
.card .count { font-variant-numeric: tabular-nums; }
.figures .rest { color: var(--soft); }`;

const tables = `
.scroll { overflow-x: auto; position: relative; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9375rem; }
th { font-weight: 600; text-align: left; }
td, th { padding: .28rem .75rem .28rem 0; vertical-align: top; }
tbody tr { border-top: 1px solid var(--line); }
tbody th { font-weight: 400; }
.facts { margin-top: 2rem; font-size: .875rem; width: 100%; }
.facts tbody th { color: var(--soft); white-space: nowrap; width: 12rem; padding-right: 1.5rem; }
.legend { font-size: .875rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1rem; }
.matrix { overflow-wrap: normal; }
.matrix td, .matrix thead th { text-align: right; padding: .28rem 0 .28rem .5rem; min-width: 3rem; }
.matrix tbody th, .matrix tfoot th { min-width: 15rem; }
.matrix thead th[scope=colgroup] { text-align: left; }
.matrix .first.first { padding-left: 2.75rem; }
.matrix tbody td.fail { font-weight: 700; }
.matrix tfoot tr { border-top: 2px solid var(--ink); }
.matrix tfoot td { font-weight: 600; }
td.zero { color: var(--soft); opacity: .45; }
tbody tr:hover { background: var(--panel); }
.times thead th, .times td { text-align: right; padding: .28rem 0 .28rem 1.5rem; width: 11rem; min-width: 7.5rem; }
.times tbody th { min-width: 16rem; }
.times .heading { font-weight: 600; padding-top: 1.5rem; }
.time { display: block; transform: scaleX(-1); width: 100%; height: .25rem; margin-top: .1rem; fill: var(--soft); opacity: .6; }
footer { margin-top: 4rem; border-top: 1px solid var(--line); padding-top: 1rem; color: var(--soft); font-size: .875rem; }`;

/** A long line above the figures of a chapter, where they do not fit beside it. */
const narrow = (columns: number) => `
@media (max-width: ${19 + 15 * columns}rem) {
  .matrix td, .matrix thead th { min-width: 2.1rem; }
  .matrix tbody th, .matrix tfoot th { min-width: 10rem; }
  .matrix .first.first { padding-left: 1.5rem; }
}
@media (max-width: ${14 + 10 * columns}rem) {
  .matrix tbody tr, .matrix tfoot tr { display: grid; grid-template-columns: repeat(${4 * columns}, minmax(1.6rem, 1fr)); }
  .matrix thead tr { display: grid; grid-template-columns: repeat(${4 * columns}, minmax(1.6rem, 1fr)); }
  .matrix thead td { display: none; }
  .matrix thead th[scope=colgroup] { grid-column: span 4; padding-right: .4rem; }
  .matrix tbody th, .matrix tfoot th { grid-column: 1 / -1; }
  .matrix td, .matrix thead th { text-align: left; min-width: 0; padding: .1rem 0 .28rem; }
  .matrix tbody th, .matrix tfoot th { padding: .28rem 0 0; }
  .matrix .first.first { padding-left: 0; }
}
@media (max-width: 40rem) {
  body { padding-top: 1.5rem; }
  h1 { font-size: 1.6rem; }
  .facts tbody th { width: auto; padding-right: .5rem; white-space: normal; overflow-wrap: normal; }
  .facts td { min-width: 6.5rem; }
  .times tbody th { min-width: 9rem; }
  .times thead th, .times td { min-width: 5rem; padding-left: .25rem; }
}`;

export const pageLook = (columns: number): string => [colours, text, top, tables, narrow(columns)].join("\n");
