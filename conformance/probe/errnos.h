// SPDX-License-Identifier: Apache-2.0
#pragma once

// "ENOENT"; an errno without a name gives "E" and its number, in memory that the next call reuses.
const char *errno_name(int error);
