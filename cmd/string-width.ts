// SPDX-License-Identifier: Apache-2.0

// Stands for the package string-width, which needs Intl; QuickJS has none. The help is plain ASCII.

export default function stringWidth(text: string): number {
  return text.length;
}
