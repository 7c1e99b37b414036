// Keeps the points for the pictures of this page, by the hash of their bytes, so that a change of settings does not send them again.
export default function ({ data, parentElement }) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + view.getUint32(0, true))));
  const clouds = (globalThis.vaeExplorerClouds ??= new Map());
  clouds.set(header.name, bytes);
  while (clouds.size > 4) clouds.delete(clouds.keys().next().value);
  parentElement.querySelector(".cloud").dataset.name = header.name;
  dispatchEvent(new Event("vae-explorer-cloud"));
}
