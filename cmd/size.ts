// SPDX-License-Identifier: Apache-2.0

const greatest = 2n ** 63n - 1n;

/** The letter of each power of 1024. */
const letters = "bkmgtp";

/**
 * Bytes as runc reads them with docker/go-units: 512, 10k, 64M, 1.5g, 2 GiB. A unit is 1024 of the one before, of
 * any case, with or without B and iB; a blank may be before it. -1 is no limit. Undefined for anything else.
 */
export function sizeOf(text: string): number | bigint | undefined {
  if (text === "-1") return -1;
  const [, whole = "", fraction = "", unit = "b"] =
    /^\+?(\d{0,20})(?:\.(\d{0,30}))? ?(b|[kmgtp](?:i?b)?)?$/i.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const power = BigInt(10 * letters.indexOf(unit.charAt(0).toLowerCase()));
  // exact, where floating point would round what is beyond 2^53
  const bytes = (BigInt(`${whole}${fraction}`) << power) / 10n ** BigInt(fraction.length);
  if (bytes > greatest) return undefined;
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : bytes;
}

/** A whole number. */
export function numberOf(text: string): number | bigint | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text.replace("+", ""));
}
