// The autoencoder as a picture: an image, the encoder, the plane of codes, the decoder, an image. The point wanders until it is taken.

class Diagram extends Pad {
  constructor(root) {
    super(root);
    const touch = () => this.rest();
    for (const act of ["pointerdown", "keydown"]) this.plane.addEventListener(act, touch, { once: true });
    for (const link of root.querySelectorAll("a")) link.addEventListener("click", (event) => this.open(event, link.dataset.page));
    const { matches } = matchMedia("(prefers-reduced-motion: reduce)");
    if (!matches) this.wander(performance.now());
  }

  update(data, setStateValue, fire) {
    this.fire = fire;
    super.update(data, setStateValue);
    for (const link of this.root.querySelectorAll("a")) Object.assign(link, { href: data.addresses[link.dataset.page], hidden: !(link.dataset.page in data.addresses) });
    if (data.is_taken) this.rest();
  }

  // A link opens its page within the program, unless it is to open elsewhere.
  open(event, page) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    this.fire("page", page);
  }

  wander(start) {
    this.root.dataset.wanders = "yes";
    this.step = requestAnimationFrame((now) => {
      if (this.decoder && this.data.dims.every((j) => j < this.z.length)) {
        const [x, y, half] = this.data.view, [across, up] = wandered((now - start) / 1000), [i, j] = this.data.dims;
        this.z[i] = x + half * across;
        this.z[j] = y + half * up;
        this.draw();
      }
      this.wander(start);
    });
  }

  rest() {
    cancelAnimationFrame(this.step);
    this.root.dataset.wanders = "no";
  }

  // Left stands the test image whose code is nearest to the point.
  showTest() {
    const { codes } = this;
    this.part("test").hidden = !codes?.sheet;
    if (!codes?.sheet) return;
    const [px, py] = this.axes.toPixels(...this.data.dims.map((j) => this.z[j])), k = this.nearest(px, py, Infinity);
    this.paintTest(k);
    this.part("what").textContent = this.nameOf(k);
  }

  end() {
    this.rest();
    super.end();
  }
}

export default mounted(Diagram, ".pad");
