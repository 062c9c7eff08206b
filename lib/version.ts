// SPDX-License-Identifier: Apache-2.0

/** The version of the runtime-spec that `schemas/` and `lib/` implement. */
export const specVersion = "1.3.0";
