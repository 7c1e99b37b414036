// Keeps the points for the pictures of this page, by the hash of their bytes, so that a change of settings does not send them again.
export default function ({ data: bytes, parentElement }) {
  const { name } = headOf(bytes).header;
  const clouds = (globalThis.vaeExplorerClouds ??= new Map());
  clouds.set(name, bytes);
  while (clouds.size > 4) clouds.delete(clouds.keys().next().value);
  parentElement.querySelector(".cloud").dataset.name = name;
  dispatchEvent(new Event("vae-explorer-cloud"));
}
