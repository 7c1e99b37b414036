// What a component exports: the picture of each of its elements is made once, told of new data, and ended with its element.
function mounted(Picture, selector) {
  const pictures = new WeakMap();
  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    const root = parentElement.querySelector(selector);
    if (!pictures.has(root)) pictures.set(root, new Picture(root));
    pictures.get(root).update(data, setStateValue, setTriggerValue);
    return () => {
      pictures.get(root)?.end?.();
      pictures.delete(root);
    };
  };
}
