// SPDX-License-Identifier: Apache-2.0
// Images out of a rootfs, as an OCI layout in a tar archive: nothing is pulled from anywhere.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

function run(file, args) {
  const { status, stderr } = spawnSync(file, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file}: ${stderr}`);
}

/** Writes a blob; its descriptor. */
function addBlob(layout, mediaType, content) {
  const digest = createHash("sha256").update(content).digest("hex");
  writeFileSync(`${layout}/blobs/sha256/${digest}`, content);
  return { mediaType, digest: `sha256:${digest}`, size: content.length };
}

function addJson(layout, kind, value) {
  return addBlob(layout, `application/vnd.oci.image.${kind}.v1+json`, Buffer.from(JSON.stringify(value)));
}

function addImage(layout, layer, name, config) {
  const image = {
    architecture: "amd64",
    os: "linux",
    config: { Env: ["PATH=/bin"], ...config },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  };
  const manifest = { schemaVersion: 2, config: addJson(layout, "config", image), layers: [layer] };
  const annotations = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": "latest" };
  return { ...addJson(layout, "manifest", manifest), annotations };
}

/** `images`: by name, the config of each. All have the one layer that is the folder `rootfs`. */
export function writeArchive(folder, rootfs, images) {
  const layout = `${folder}/layout`;
  mkdirSync(`${layout}/blobs/sha256`, { recursive: true });
  run("tar", ["-C", rootfs, "--owner=0", "--group=0", "-cf", `${folder}/layer.tar`, "."]);
  const layer = addBlob(
    layout,
    "application/vnd.oci.image.layer.v1.tar",
    readFileSync(`${folder}/layer.tar`),
  );
  const manifests = Object.entries(images).map(([name, config]) => addImage(layout, layer, name, config));
  writeFileSync(`${layout}/oci-layout`, JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(`${layout}/index.json`, JSON.stringify({ schemaVersion: 2, manifests }));
  run("tar", ["-C", layout, "-cf", `${folder}/images.tar`, "."]);
  return `${folder}/images.tar`;
}
