// SPDX-License-Identifier: Apache-2.0

import type { Annotations, Config } from "../../config/types.ts";
import { RuntsError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { absolutePath } from "../../path.ts";
import type { Criu } from "../../plan/criu/criu.ts";
import { mapsIds } from "../../plan/idmapped-mounts.ts";
import { parseMountOptions } from "../../plan/mount-options.ts";
import { seccompListener } from "../../plan/seccomp-listener.ts";
import { isPrivileged } from "../facts.ts";
import type { Runtime } from "../runtime.ts";

/** Engines call us with a short PATH, or none; criu itself needs ip(8) and iptables-restore(8). */
const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Read where it is there; the second is what runc and crun read. */
const configFiles = ["/etc/criu/runts.conf", "/etc/criu/runc.conf"];
const configAnnotation = "org.criu.config";

function findProgram(host: Host, asked: string | undefined, path: string): string {
  if (asked?.includes("/")) return absolutePath(host.cwd(), asked);
  const name = asked ?? "criu";
  const folder = `${path}:${usualPath}`
    .split(":")
    .find((one) => one.startsWith("/") && host.kind(`${one}/${name}`) !== "missing");
  if (folder !== undefined) return `${folder}/${name}`;
  throw new RuntsError("system", {
    step: "criu",
    detail: `there is no program "${name}" in ${path}: checkpoint and restore need it (package criu)`,
  });
}

function configFile(host: Host, annotations: Annotations | undefined): string | undefined {
  const asked = annotations?.[configAnnotation];
  if (asked !== undefined) return asked === "" ? undefined : asked;
  return configFiles.find((file) => host.kind(file) !== "missing");
}

/** criu as this host has it; only root can do what it does. */
export function findCriu(
  { host, criu }: Runtime,
  { images, work }: { readonly images: string; readonly work: string | undefined },
  annotations: Annotations | undefined,
): Criu {
  if (!isPrivileged(host))
    throw new RuntsError("system", { step: "criu", detail: "checkpoint and restore are for root alone" });
  const path = host.env("PATH") || usualPath;
  return {
    program: findProgram(host, criu, path),
    environment: [`PATH=${path}`],
    images,
    work: work === images ? undefined : work,
    configFile: configFile(host, annotations),
  };
}

/** What of a configuration criu, or what we ask of it, would lose without a word. */
export function checkRestorable(config: Config): void {
  const refuse = (pointer: string, detail: string): never => {
    throw new RuntsError("system", { pointer, detail: `${detail} cannot be checkpointed and restored` });
  };
  const { linux = {}, mounts = [] } = config;
  (linux.namespaces ?? []).forEach(({ type, path }, i) => {
    const pointer = `/linux/namespaces/${i}`;
    if (type === "user") refuse(pointer, "a user namespace");
    if (path && (type === "mount" || type === "cgroup"))
      refuse(`${pointer}/path`, `a joined ${type} namespace`);
  });
  if (!linux.namespaces?.some(({ type }) => type === "mount"))
    refuse("/linux/namespaces", "a container without a mount namespace of its own");
  mounts.forEach((mount, i) => {
    if (mapsIds(mount, parseMountOptions(mount.options ?? [])))
      refuse(`/mounts/${i}`, "a mount with mapped ids");
  });
  if (seccompListener(config)) refuse("/linux/seccomp/listenerPath", "a filter with an agent");
  if (linux.intelRdt) refuse("/linux/intelRdt", "a class of intelRdt");
}
