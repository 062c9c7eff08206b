// SPDX-License-Identifier: Apache-2.0
// Checks that go on where the last one stopped.

/** `add` for a group whose checks run one after the other, however many workers there are. */
export function inSequence(add) {
  let last = Promise.resolve();
  return (name, body) => {
    const before = last;
    let settled = () => {};
    last = new Promise((resolve) => {
      settled = resolve;
    });
    add(name, async () => {
      await before;
      try {
        await body();
      } finally {
        settled();
      }
    });
  };
}

/** The groups' checks by turns, so that no worker waits for another while there is something else to do. */
export function byTurns(groups, engine) {
  const lists = groups.map((group) => {
    const list = [];
    group({ add: (name, body) => list.push({ name, body }) }, engine);
    return list;
  });
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
