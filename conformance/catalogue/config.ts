// SPDX-License-Identifier: Apache-2.0

import { chapter, may, must, section, should } from "./clause.ts";

export const config = chapter(
  "Configuration",
  section(
    "glossary.md#json",
    must("config.json-syntax", "A config.json that is not one JSON object is refused."),
    must(
      "config.json-utf8",
      "config.json is UTF-8: text beyond ASCII arrives unchanged, and a file in any other encoding is refused.",
    ),
    must("config.json-duplicates", "A config with an object in which a name occurs twice is refused."),
    must("config.json-order", "The order in which the entries of an object stand has no effect."),
  ),
  section(
    "config.md#specification-version",
    must("config.version-required", "A config without ociVersion is refused."),
    must("config.version-format", "An ociVersion that is no version by SemVer 2.0.0 is refused."),
    must(
      "config.version-compatible",
      "A config that names an earlier version of the same major version is accepted, a pre-release and build data included.",
    ),
    must("config.version-major", "A config that names another major version is refused."),
  ),
  section(
    "config.md#hostname",
    must("config.hostname", "Processes of the container see hostname as the name of their host."),
    must("config.hostname-namespace", "hostname is set in the container's UTS namespace and in no other."),
    may(
      "config.hostname-runtime-namespace",
      "Where the config gives the container no UTS namespace of its own, hostname changes the name that the runtime's has.",
    ),
  ),
  section(
    "config.md#domainname",
    must("config.domainname", "Processes of the container see domainname as their NIS domain name."),
    must(
      "config.domainname-namespace",
      "domainname is set in the container's UTS namespace and in no other.",
    ),
    may(
      "config.domainname-runtime-namespace",
      "Where the config gives the container no UTS namespace of its own, domainname changes the one that the runtime's has.",
    ),
  ),
  section(
    "config.md#annotations",
    must(
      "config.annotations",
      "Annotations of any text are accepted: keys with or without a dot, values of any content.",
    ),
    must("config.annotations-map", "Annotations that are not a map are refused."),
    must("config.annotations-none", "annotations may be absent, or an empty map."),
    must(
      "config.annotations-text-keys",
      "The keys of annotations are strings.",
      "The names in a JSON object cannot be anything else.",
    ),
    must("config.annotations-empty-key", "An annotation whose key is the empty string is refused."),
    must(
      "config.annotations-image",
      "The keys that the spec takes over from images (org.opencontainers.image.os and so on) are accepted.",
    ),
    should(
      "config.annotations-stop-signal",
      "The signal that org.opencontainers.image.stopSignal names is the one to kill the container with.",
      "The operation kill is always told its signal (runtime.md#kill), so there is no kill for which the annotation could speak.",
    ),
    must(
      "config.annotations-reserved",
      "Other keys in the namespace org.opencontainers are not used for anything.",
      "It binds later versions of the specification; what a runtime does with such a key is the next clause.",
    ),
    must(
      "config.annotations-unknown",
      "Annotations with unknown keys are no error, in the namespace org.opencontainers neither.",
    ),
    must("config.annotations-text-values", "An annotation whose value is not a string is refused."),
    must("config.annotations-empty-value", "The value of an annotation may be the empty string."),
  ),
  section(
    "config.md#extensibility",
    must(
      "config.unknown-properties",
      "Properties that the spec does not know, in whatever object, cause no error and have no effect.",
    ),
    may(
      "config.unknown-properties-logged",
      "Unknown properties may be logged.",
      "It frees the runtime: with a warning or without one, both are right.",
    ),
  ),
  section(
    "config.md#valid-values",
    must(
      "config.invalid-values",
      "A value of the wrong type, or one out of the range of its property, is refused.",
    ),
    must(
      "config.unsupported-values",
      "A value that cannot be put into effect is an error, never passed over in silence.",
    ),
    may(
      "config.valid-subset",
      "Of the valid values a runtime supports those it likes, where the spec does not demand a value by name.",
      "It frees the runtime, and is minded in the cases of the properties: what only SHOULD or MAY be there may be refused.",
    ),
  ),
);
