// SPDX-License-Identifier: Apache-2.0

declare module "yargs-parser/browser" {
  import parser from "yargs-parser";
  export default parser;
}

declare module "yargs/browser" {
  import type { Argv } from "yargs";

  const make: (args: readonly string[]) => Argv;
  export default make;
}

declare module "cliui" {
  const ui: (options: object) => unknown;
  export default ui;
}
