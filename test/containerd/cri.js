// SPDX-License-Identifier: Apache-2.0
// A client of the container runtime interface, as much of it as a kubelet needs for a pod: gRPC is HTTP/2 with a
// length before each message, and a message is protobuf. The field numbers are those of the interface's api.proto, v1.

import { connect } from "node:http2";
import { createConnection } from "node:net";

const resources = {
  cpuPeriod: [1, "int"],
  cpuQuota: [2, "int"],
  cpuShares: [3, "int"],
  memoryLimitInBytes: [4, "int"],
  oomScoreAdj: [5, "int"],
};
const namespaces = { network: [1, "int"], pid: [2, "int"], ipc: [3, "int"] };
const podConfig = {
  metadata: [1, { name: [1, "text"], uid: [2, "text"], namespace: [3, "text"], attempt: [4, "int"] }],
  hostname: [2, "text"],
  logDirectory: [3, "text"],
  linux: [8, { cgroupParent: [1, "text"], securityContext: [2, { namespaceOptions: [1, namespaces] }] }],
};
const containerConfig = {
  metadata: [1, { name: [1, "text"], attempt: [2, "int"] }],
  image: [2, { image: [1, "text"] }],
  command: [3, "text"],
  args: [4, "text"],
  envs: [6, { key: [1, "text"], value: [2, "text"] }],
  logPath: [11, "text"],
  linux: [15, { resources: [1, resources], securityContext: [2, { namespaceOptions: [3, namespaces] }] }],
};
const boxed = { value: [1, "int"] };
const podId = { podSandboxId: [1, "text"] };
const containerId = { containerId: [1, "text"] };

/** method: [its request, its response] */
const methods = {
  Version: [{ version: [1, "text"] }, { runtimeName: [2, "text"], runtimeApiVersion: [4, "text"] }],
  RunPodSandbox: [{ config: [1, podConfig], runtimeHandler: [2, "text"] }, podId],
  PodSandboxStatus: [
    podId,
    {
      status: [
        1,
        {
          id: [1, "text"],
          state: [3, "int"],
          network: [5, { ip: [1, "text"] }],
          runtimeHandler: [9, "text"],
        },
      ],
    },
  ],
  StopPodSandbox: [podId, {}],
  RemovePodSandbox: [podId, {}],
  CreateContainer: [
    { podSandboxId: [1, "text"], config: [2, containerConfig], sandboxConfig: [3, podConfig] },
    containerId,
  ],
  StartContainer: [containerId, {}],
  StopContainer: [{ containerId: [1, "text"], timeout: [2, "int"] }, {}],
  RemoveContainer: [containerId, {}],
  ContainerStatus: [
    containerId,
    { status: [1, { state: [3, "int"], exitCode: [7, "int"], reason: [10, "text"] }] },
  ],
  ContainerStats: [
    containerId,
    { stats: [1, { cpu: [2, { total: [2, boxed] }], memory: [3, { workingSet: [2, boxed] }] }] },
  ],
  UpdateContainerResources: [{ containerId: [1, "text"], linux: [2, resources] }, {}],
  ExecSync: [
    { containerId: [1, "text"], cmd: [2, "text"], timeout: [3, "int"] },
    { stdout: [1, "text"], stderr: [2, "text"], exitCode: [3, "int"] },
  ],
};

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function field(number, kind, value) {
  if (kind === "int") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = kind === "text" ? Buffer.from(value) : encode(kind, value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function encode(shape, message) {
  const parts = Object.entries(message).flatMap(([name, value]) => {
    const [number, kind] = shape[name];
    return [value].flat().map((one) => field(number, kind, one));
  });
  return Buffer.concat(parts);
}

function decode(shape, bytes) {
  const message = {};
  const names = new Map(Object.entries(shape).map(([name, [number, kind]]) => [number, { name, kind }]));
  let at = 0;
  const next = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(next());
    const known = names.get(tag >> 3);
    const value = next(); // there are no fixed-width fields in what we read
    if ((tag & 7) === 0) {
      if (known) message[known.name] = Number(BigInt.asIntN(64, value));
      continue;
    }
    const content = bytes.subarray(at, at + Number(value));
    at += Number(value);
    if (known) message[known.name] = known.kind === "text" ? content.toString() : decode(known.kind, content);
  }
  return message;
}

/** A connection to the CRI plugin behind a Unix socket. */
export function openCri(path) {
  const session = connect("http://localhost", { createConnection: () => createConnection(path) });
  session.on("error", () => {}); // each call that it ends says so itself

  /** One call; throws an Error with gRPC's status when it is not OK. */
  const call = (method, request) =>
    new Promise((resolve, reject) => {
      const [asks, answers] = methods[method];
      const body = encode(asks, request);
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(body.length, 1);
      const stream = session.request({
        ":method": "POST",
        ":path": `/runtime.v1.RuntimeService/${method}`,
        "content-type": "application/grpc",
        te: "trailers",
      });
      const chunks = [];
      let status = {};
      stream.on("response", (headers) => Object.assign(status, headers));
      stream.on("trailers", (headers) => {
        status = { ...status, ...headers };
      });
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("close", () => {
        if (status["grpc-status"] === "0") resolve(decode(answers, Buffer.concat(chunks).subarray(5)));
        else reject(new Error(`${method}: ${decodeURIComponent(status["grpc-message"] ?? "no answer")}`));
      });
      stream.setTimeout(120_000, () => stream.destroy(new Error(`${method}: no answer within 120 s`)));
      stream.end(Buffer.concat([prefix, body]));
    });
  return { call, close: () => session.close() };
}
