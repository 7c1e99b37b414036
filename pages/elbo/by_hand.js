// A picture that is moved by hand: drawn once per frame, held with pointer or keys, told to Python when it is let go. It follows plot.js.
//
// A picture says what it draws (`paint`), which numbers that shows (`facts`) and in which words (`tell`), what of it is held at a place
// (`grip`), what a drag and a key change (`drag`, `keys`), and what Python keeps of it (`view`); `data.start` is what it opens with, and opens
// with again where `data.of` is another.

const SILENCE = 100; // milliseconds between words while the picture moves: each time the browser lays the page out and paints it anew

// How much of a glide is done when this share of its time is over: slow at both ends.
const easedOf = (share) => share * share * (3 - 2 * share);

class ByHand {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.stage = this.part("stage");
    this.how = this.stage.getAttribute("aria-label");
    this.pen = new Pen(this.part("canvas"));
    this.observer = new ResizeObserver(() => this.soon());
    this.observer.observe(this.stage);
    this.frames = 0;
    this.spokeAt = -SILENCE;
    this.part("save").addEventListener("click", () => this.save());
    this.stage.addEventListener("pointerdown", (event) => this.hold(event));
    this.stage.addEventListener("pointermove", (event) => this.held && this.drag(...this.place(event)));
    this.letGo(this.stage);
    this.stage.addEventListener("keydown", (event) => this.press(event));
  }

  // A slider beside the picture is held like the picture.
  slides(name, act) {
    const slider = this.part(name);
    slider.addEventListener("input", () => act(+slider.value));
    slider.addEventListener("pointerdown", () => (this.held = name));
    this.letGo(slider);
  }

  letGo(element) {
    const release = () => {
      this.held = null;
      if (this.speaking) this.speak();
    };
    for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, release);
  }

  update(data, send) {
    const isOther = !this.data || data.of !== this.data.of;
    Object.assign(this, { data, send, colours: themeColours(this.root) });
    if (isOther) Object.assign(this, structuredClone(data.start));
    this.stage.style.height = data.height;
    this.draw();
  }

  // Something else is set: it is drawn with the next frame.
  set(changes) {
    Object.assign(this, changes);
    this.soon();
    this.report();
  }

  soon() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      this.draw();
    });
  }

  draw(ratio = Math.min(2, devicePixelRatio || 1)) {
    const width = this.stage.clientWidth, height = this.stage.clientHeight;
    if (!this.data || width < 50 || height < 50) return;
    const began = performance.now();
    this.pen.begin(width, height, ratio, this.colours);
    this.paint(width, height);
    Object.assign(this.root.dataset, this.facts(), { frames: (this.frames += 1) });
    this.speak();
    this.root.dataset.drawMs = (performance.now() - began).toFixed(2);
  }

  // Whether one frame follows the other.
  get moves() {
    return Boolean(this.held);
  }

  // Words at once, or while the picture moves after a silence; the last ones come when it stops.
  speak() {
    const wait = this.moves ? this.spokeAt + SILENCE - performance.now() : 0;
    if (wait > 0 && this.speaking) return;
    clearTimeout(this.speaking);
    this.speaking = wait > 0 ? setTimeout(() => this.utter(), wait) : this.utter();
  }

  utter() {
    Object.assign(this, { speaking: null, spokeAt: performance.now() });
    this.tell();
    return null;
  }

  // What is drawn, in words.
  say(text) {
    say(this.part("said"), text);
    this.stage.setAttribute("aria-label", `${text}. ${this.how}`);
  }

  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  hold(event) {
    this.held = this.grip(...this.place(event));
    if (!this.held) return;
    this.stage.setPointerCapture(event.pointerId);
    this.stage.focus({ preventScroll: true });
    this.drag(...this.place(event));
  }

  // A key is a small step, with Shift five.
  press(event) {
    const act = this.keys(event.shiftKey ? 5 : 1)[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  report() {
    clearTimeout(this.later);
    this.later = setTimeout(() => (this.held ? this.report() : this.send?.("view", this.view())), 250);
  }

  save() {
    this.draw(KEPT_RATIO);
    savePicture([this.pen.canvas], this.colours.paper, this.data.file);
    this.draw();
  }

  end() {
    cancelAnimationFrame(this.pending);
    clearTimeout(this.later);
    clearTimeout(this.speaking);
    this.observer.disconnect();
  }
}
