#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0

import { main } from "../../cmd/main.ts";
import { host } from "../../lib/host-node.ts";

process.exitCode = await main(host);
