// A black sheet and a white brush, as the data have them. Python hears of it when the pen is lifted: the sheet's grey levels, once.

const SIDE = 168; // six pixels for each of 28

class Sheet {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.canvas = this.part("sheet");
    this.canvas.width = this.canvas.height = SIDE;
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.strokes = [];
    this.ground = null; // what was drawn on an earlier visit
    this.messages = 0;
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => this.lift());
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
      else if (event.key === "Delete" || event.key === "Backspace") this.clear();
      else return;
      event.preventDefault();
    });
    this.part("undo").addEventListener("click", () => this.undo());
    this.part("clear").addEventListener("click", () => this.clear());
    this.draw();
  }

  update({ pixels, brush }, send) {
    this.send = send;
    if (this.brush !== brush) this.part("brush").value = this.brush = brush;
    if (this.isOpen) return; // what one draws is here; Python only echoes it
    this.isOpen = true;
    if (pixels) this.ground = this.imageOf(pixels);
    this.draw();
  }

  imageOf(pixels) {
    const levels = atob(pixels), image = this.pen.createImageData(SIDE, SIDE);
    if (levels.length !== SIDE * SIDE) return null;
    for (let i = 0; i < levels.length; i++) image.data.set([levels.charCodeAt(i), levels.charCodeAt(i), levels.charCodeAt(i), 255], 4 * i);
    return image;
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  begin(event) {
    if (event.button > 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.focus({ preventScroll: true });
    this.stroke = { width: +this.part("brush").value * SIDE, points: [this.point(event)] };
    this.strokes.push(this.stroke);
    this.draw();
  }

  move(event) {
    if (!this.stroke) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) this.stroke.points.push(this.point(one));
    this.draw();
  }

  lift() {
    if (!this.stroke) return;
    this.stroke = null;
    this.say();
  }

  undo() {
    if (!this.strokes.pop()) this.ground = null;
    this.draw();
    this.say();
  }

  clear() {
    this.strokes = [];
    this.ground = null;
    this.draw();
    this.say();
  }

  draw() {
    const { pen } = this;
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, SIDE, SIDE);
    if (this.ground) pen.putImageData(this.ground, 0, 0);
    pen.strokeStyle = "#fff";
    pen.lineCap = pen.lineJoin = "round";
    for (const { width, points } of this.strokes) {
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(...points[0]);
      for (const point of points) pen.lineTo(...point);
      pen.stroke();
    }
    const n = this.strokes.length, what = n ? `${n} ${n === 1 ? "stroke" : "strokes"}` : this.ground ? "a picture of before" : "nothing is drawn";
    this.canvas.setAttribute("aria-label", `Sheet to draw on with pen, finger or mouse: ${what}. Delete clears it, Control Z takes a stroke back.`);
  }

  say() {
    const { data } = this.pen.getImageData(0, 0, SIDE, SIDE);
    let levels = "", ink = false;
    for (let i = 0; i < data.length; i += 4) {
      levels += String.fromCharCode(data[i]);
      ink = ink || data[i] > 0;
    }
    this.root.dataset.messages = ++this.messages;
    this.send?.("drawing", { pixels: ink ? btoa(levels) : "" });
  }
}

export default mounted(Sheet, ".drawing");
