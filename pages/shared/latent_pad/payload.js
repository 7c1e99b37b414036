// Keeps a payload by its name, for the parts of this page that draw it, so that a change of settings does not send it again.
export default function ({ data, parentElement }) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const { name } = headOf(bytes).header;
  const kept = (globalThis.vaeExplorerPayloads ??= new Map());
  kept.delete(name);
  kept.set(name, bytes);
  while (kept.size > 6) kept.delete(kept.keys().next().value);
  parentElement.querySelector(".payload").dataset.name = name;
  dispatchEvent(new Event("vae-explorer-payload"));
}
