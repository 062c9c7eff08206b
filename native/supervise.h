// SPDX-License-Identifier: Apache-2.0
#pragma once

// Undoes catchSignals, whether or not the plan came to superviseInit.
void release_signals(void);
