// What the server hands out under an address made of its content: fetched once a page, so that a change of settings does not send it again.

const KEPT = 6; // addresses

// The bytes of an address, as a promise. What failed is asked for again by the next one who needs it.
function fetched(address) {
  const kept = (globalThis.vaeExplorerFetched ??= new Map());
  const bytes = kept.get(address) ?? fetch(address).then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(`${address}: ${answer.status}`)))).then((buffer) => new Uint8Array(buffer));
  kept.delete(address);
  kept.set(address, bytes);
  bytes.catch(() => kept.delete(address));
  while (kept.size > KEPT) kept.delete(kept.keys().next().value);
  return bytes;
}
