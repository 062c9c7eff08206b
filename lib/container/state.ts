// SPDX-License-Identifier: Apache-2.0

import type { Annotations } from "../config/types.ts";
import { specVersion } from "../version.ts";
import { type ContainerRecord, readRecord } from "./record.ts";
import type { Runtime } from "./runtime.ts";
import { type Status, standing } from "./status.ts";

/** runtime.md#state, with the fields that runc adds and engines read. */
export interface StateView {
  readonly ociVersion: string;
  readonly id: string;
  /** 0 when stopped */
  readonly pid: number;
  readonly status: Status;
  readonly bundle: string;
  readonly rootfs: string;
  readonly created: string;
  readonly annotations?: Annotations;
  readonly owner: string;
}

export function view(runtime: Runtime, record: ContainerRecord): StateView {
  const { status, process } = standing(runtime, record);
  const { id, bundle, rootfs, created, annotations } = record;
  return {
    ociVersion: specVersion,
    id,
    pid: status === "stopped" ? 0 : (process?.pid ?? 0),
    status,
    bundle,
    rootfs,
    created,
    ...(annotations && { annotations }),
    owner: "",
  };
}

export function state(runtime: Runtime, id: string): StateView {
  return view(runtime, readRecord(runtime, id));
}
