// SPDX-License-Identifier: Apache-2.0

// node --import ./test/host/preload-node.js BUNDLE: gives a bundle of unit tests the addon's host, where
// runts-unit gives it the executable's.
import { host } from "../../build/node/host.js";

globalThis.__runtsHost = host;
