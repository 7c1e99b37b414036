// Which words of pictures stand in each other's place, or beyond their picture: canvases tell where they wrote, charts what they hold.
(() => {
  const of = new WeakMap(), C = CanvasRenderingContext2D.prototype, { fillText, reset, drawImage } = C;
  const words = (canvas) => of.get(canvas) ?? of.set(canvas, []).get(canvas);
  C.fillText = function (text, x, y) {
    const m = this.measureText(text), t = this.getTransform(), at = (px, py) => [t.a * px + t.c * py + t.e, t.b * px + t.d * py + t.f];
    const [a, b] = [at(x - m.actualBoundingBoxLeft, y - m.actualBoundingBoxAscent), at(x + m.actualBoundingBoxRight, y + m.actualBoundingBoxDescent)];
    words(this.canvas).push([text, Math.min(a[0], b[0]), Math.max(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[1], b[1])]);
    return fillText.call(this, text, x, y);
  };
  C.reset = function () {
    of.delete(this.canvas);
    return reset.call(this);
  };
  C.drawImage = function (source, ...place) { // a layer that is kept
    if (of.has(source)) words(this.canvas).push(...of.get(source));
    return drawImage.call(this, source, ...place);
  };
  for (const side of ["width", "height"]) {
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, side);
    const wiped = { get, set(value) { of.delete(this); set.call(this, value); } };
    Object.defineProperty(HTMLCanvasElement.prototype, side, wiped);
  }
  const within = (root) => [root, ...[...root.querySelectorAll("*")].flatMap((one) => (one.shadowRoot ? within(one.shadowRoot) : []))];
  const all = (selector) => within(document).flatMap((root) => [...root.querySelectorAll(selector)]).filter((one) => one.checkVisibility());
  const ofCanvas = (canvas) => ({ width: canvas.width, height: canvas.height, words: words(canvas) });
  const ofChart = (svg) => {
    const { left, top, width, height } = svg.getBoundingClientRect(), boxes = [...svg.querySelectorAll("text")].filter((one) => one.textContent.trim());
    const place = (one) => one.getBoundingClientRect(), box = (text, b) => [text, b.left - left, b.right - left, b.top - top, b.bottom - top];
    return { width, height, words: boxes.map((one) => box(one.textContent, place(one))) };
  };
  window.pictures = () => [...all("canvas").map(ofCanvas), ...all(".vae-chart svg").map(ofChart)].filter(({ words }) => words.length);
})();
