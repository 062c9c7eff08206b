// SPDX-License-Identifier: Apache-2.0

import { test } from "uvu";
import * as assert from "uvu/assert";
import { junit } from "./junit.ts";
import { sample } from "./sample.ts";

const properties = `    <properties>
      <property name="runtime" value="crun version 1.8.1"/>
      <property name="command" value="/usr/bin/my crun"/>
      <property name="kernel" value="6.18.5 x86_64"/>
      <property name="privilege" value="root"/>
    </properties>`;

test("a suite a chapter; what was expected to fail is skipped", () => {
  assert.is(
    junit(sample),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="runts-conformance crun" tests="4" failures="1" errors="0" skipped="2" time="1.350">
  <testsuite name="Mounts" tests="2" failures="1" errors="0" skipped="0" time="1.240" timestamp="2026-01-20T10:00:00Z">
${properties}
    <testcase classname="crun.mounts.order" name="mounts/order/two" time="0.040"/>
    <testcase classname="crun.mounts.data" name="mounts/data/size" time="1.200">
      <failure message="size of /tmp: expected &quot;64k&quot;, saw nothing" type="should">\
mounts.data (should, config.md#mounts): The demand of mounts.data.
size of /tmp
  expected &quot;64k&quot;
  saw nothing
&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt; ]]&gt; # \\x1b[31m\\x00
  expected an error
  saw 0
left behind: process 12 /probe pause
it said: one
two \\x1b[31m
bundle: /tmp/kept/it&#39;s
repeat: runts-conformance &#39;/usr/bin/my crun&#39; --only mounts/data/size</failure>
    </testcase>
  </testsuite>
  <testsuite name="Hooks" tests="2" failures="0" errors="0" skipped="2" time="0.030" timestamp="2026-01-20T10:00:00Z">
${properties}
    <testcase classname="crun.hooks.prestart" name="hooks/prestart/fails" time="0.030">
      <skipped message="expected failure: hooks come later (issue 4)">\
hooks.prestart (must, config.md#hooks): The demand of hooks.prestart.
exit status
  expected an error
  saw 0
repeat: runts-conformance &#39;/usr/bin/my crun&#39; --only hooks/prestart/fails</skipped>
    </testcase>
    <testcase classname="crun.hooks.prestart" name="hooks/prestart/limits" time="0.000">
      <skipped message="no controller # memory"/>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test("a case that only left something behind failed, too", () => {
  const result = {
    name: "a/b/c",
    clauses: ["mounts.order"],
    outcome: "fail" as const,
    leaks: ["mount /<x>"],
    milliseconds: 5,
  };
  assert.match(
    junit({ ...sample, results: [result] }),
    '<failure message="something was left behind" type="must">' +
      "mounts.order (must, config.md#mounts): The demand of mounts.order.\nleft behind: mount /&lt;x&gt;\n",
  );
});

test.run();
