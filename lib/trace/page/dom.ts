// SPDX-License-Identifier: Apache-2.0

/** Elements. All text is put in as text: none of it is ours. */

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...content);
  return element;
}

export function button(label: string, title: string, act: () => void): HTMLButtonElement {
  const element = make("button", "", label);
  element.type = "button";
  element.title = title;
  element.setAttribute("aria-label", title);
  element.addEventListener("click", act);
  return element;
}

/** The text with each place marked at which one of these words stands. */
export function marked(text: string, words: readonly string[]): readonly (Node | string)[] {
  const lower = text.toLowerCase();
  const parts: (Node | string)[] = [];
  let at = 0;
  while (at < text.length) {
    let [found, length] = [text.length, 0];
    for (const word of words) {
      const place = lower.indexOf(word, at);
      if (place >= 0 && place < found) [found, length] = [place, word.length];
    }
    if (found > at) parts.push(text.slice(at, found));
    if (length > 0) parts.push(make("mark", "", text.slice(found, found + length)));
    at = found + Math.max(length, 1);
  }
  return parts;
}
