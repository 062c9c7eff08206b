// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, limitsConfig, podmanConfig, specConfig, warningsOf } from "../fixtures/edit.ts";

test("what spec writes and what Podman makes breaks no rule and needs no warning", () => {
  for (const config of [specConfig, podmanConfig, limitsConfig]) {
    assert.equal(faultsOf({}, config), []);
    assert.equal(warningsOf({}, config), []);
  }
});

test("a bundle for version 1 is read, with whatever minor version", () => {
  for (const version of ["1.0.0", "1.0.2-dev", "1.3.0", "1.99.0+build"])
    assert.equal(faultsOf({ "/ociVersion": version }), []);
});

test("a bundle for another major version is refused", () => {
  for (const version of ["0.9.0", "2.0.0", "10.0.0"])
    assert.equal(faultsOf({ "/ociVersion": version }), ["unsupported /ociVersion"]);
});

test.run();
