// SPDX-License-Identifier: Apache-2.0

/** Runs in the page. All that it knows it reads from the document, which has everything without it, too. */

export const pageScript = `(() => {
"use strict";
const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
const form = document.querySelector("form.filters");
const clauses = all(".clause");
const chapters = all(".chapter");
const nothing = document.querySelector(".nothing");
const output = form.querySelector("output");
const opener = form.querySelector("button[name=open]");
document.documentElement.classList.add("js");

const texts = new Map();
const textOf = (clause) => {
  if (!texts.has(clause)) texts.set(clause, clause.textContent.toLowerCase());
  return texts.get(clause);
};
const checked = (name) => all('input[name="' + name + '"]:checked', form).map((input) => input.value);

function filter() {
  const words = form.querySelector("input[name=text]").value.toLowerCase().split(/\\s+/).filter(Boolean);
  const levels = checked("level");
  const marks = checked("mark");
  const differs = checked("differs").length > 0;
  let count = 0;
  for (const clause of clauses) {
    const own = clause.dataset.marks.split(" ");
    const fits =
      (levels.length === 0 || levels.includes(clause.dataset.level)) &&
      (marks.length === 0 || marks.some((mark) => own.includes(mark))) &&
      (!differs || clause.classList.contains("differs")) &&
      words.every((word) => textOf(clause).includes(word));
    clause.hidden = !fits;
    if (fits) count++;
  }
  for (const chapter of chapters) chapter.hidden = all(".clause:not([hidden])", chapter).length === 0;
  nothing.hidden = count > 0;
  output.textContent = count + " of " + clauses.length + " clauses";
  label();
}

const openable = () => all("details.clause:not([hidden])");
const allOpen = () => openable().every((clause) => clause.open);
function label() {
  opener.textContent = openable().length > 0 && allOpen() ? "close all" : "open all";
}

/** A link may lead to what is filtered out or closed. */
function reveal() {
  let id = location.hash.slice(1);
  try {
    id = decodeURIComponent(id);
  } catch {}
  const target = id && document.getElementById(id);
  if (!target) return;
  if (target.closest("[hidden]")) {
    form.reset();
    filter();
  }
  const clause = target.closest("details.clause");
  if (clause) clause.open = true;
  target.scrollIntoView();
}

const select = form.querySelector("select");
select.addEventListener("change", (event) => {
  event.stopPropagation();
  if (select.value === "") return;
  const chapter = document.getElementById(select.value);
  if (chapter.hidden) {
    form.reset();
    filter();
  }
  chapter.scrollIntoView();
  select.value = "";
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => event.target !== select && filter());
form.addEventListener("reset", () => setTimeout(filter));
opener.addEventListener("click", () => {
  const open = !allOpen();
  for (const clause of openable()) clause.open = open;
  label();
});
document.addEventListener("toggle", label, true);
addEventListener("hashchange", reveal);

/** Headings of chapters stick below the filters, however many lines these take. */
new ResizeObserver(() => {
  const stuck = getComputedStyle(form).position === "sticky";
  document.documentElement.style.setProperty("--bar", (stuck ? form.offsetHeight : 0) + "px");
}).observe(form);
filter();
reveal();
})();
`;
