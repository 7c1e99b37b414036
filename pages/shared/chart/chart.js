// A Plotly chart that stays where it is: new data move what is drawn. Streamlit's own element takes a chart with other data for another
// one, takes the old one away and draws the new one twice.

const FULLSCREEN = {
  width: 16,
  height: 16,
  path: "M1 1h5v2H3v3H1zM10 1h5v5h-2V3h-3zM1 10h2v3h3v2H1zM13 10h2v5h-5v-2h3z",
};
const NOT_HERE = ["sendChartToCloud", "lasso2d", "select2d"];
const PNG_SCALE = 3; // pixels of a saved picture for one on the screen
const NEWLINE = 10;
const STACKS = 640; // pixels of a window's width up to which the page's columns stand below one another
const AT_ONCE = { frame: { duration: 0, redraw: false }, transition: { duration: 0 }, mode: "immediate" };
const TO_ITS_FRAME = "to its frame"; // name of a button

let library = null; // once for all charts of the window

function plotly(address) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      library = null;
      script.remove();
      reject(new Error("not sent"));
    };
    document.head.append(script);
  });
  return library;
}

function isSame(a, b) {
  return a && a.length === b.length && a.every((value, i) => value === b[i]);
}

// Whether there is no pointer but a finger, before which nothing can be shown in passing.
function isTouched() {
  return matchMedia("(hover: none)").matches;
}

class Chart {
  constructor(root) {
    this.root = root;
    this.place = root.querySelector(".vae-chart-place");
    this.button = { name: "Fullscreen", title: "Fullscreen", icon: FULLSCREEN, click: () => this.turn() };
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(root);
    root.addEventListener("touchstart", (event) => this.wanted?.selects || event.stopPropagation(), { capture: true, passive: true }); // it scrolls the page
  }

  // The page's colours and type, which the server does not know.
  look() {
    const style = getComputedStyle(this.root), of = (name) => style.getPropertyValue(`--st-${name}`).trim();
    return {
      text: of("text-color"), ground: of("background-color"), border: of("border-color"), accent: of("primary-color"),
      least: parseFloat(style.getPropertyValue("--least-type")) || 0, family: of("font"), heading: of("heading-color") || of("text-color"), headings: of("heading-font") || of("font"),
    };
  }

  update(payload, send) {
    this.send = send;
    const look = this.look(), said = JSON.stringify(look);
    if (isSame(this.payload, payload) && this.said === said) return;
    if (!isSame(this.payload, payload)) this.read(payload);
    Object.assign(this, { payload, said });
    this.root.setAttribute("aria-label", this.wanted.alternative);
    this.heighten();
    plotly(this.wanted.script).then(() => this.draw(), () => this.fail());
  }

  // Two lines: what is wanted now, and the figure, which is the same object as long as its line is.
  read(payload) {
    const end = payload.indexOf(NEWLINE), line = payload.subarray(end + 1), text = new TextDecoder();
    this.wanted = JSON.parse(text.decode(payload.subarray(0, end)));
    if (!isSame(this.line, line)) Object.assign(this, { line, figure: JSON.parse(text.decode(line)) });
  }

  // Also before there is anything to see: what is below does not jump.
  heighten() {
    const { height } = this.wanted, { figure } = this;
    this.root.style.height = this.isOnTelephone ? heightOnTelephone(figure.layout, height) : height;
  }

  // A narrow column of a wide window is none.
  get isOnTelephone() {
    const width = this.root.clientWidth;
    return width > 0 && width < NARROW && innerWidth <= STACKS;
  }

  draw() {
    if (this.drawn === this.payload && this.drawnAs === this.said) return; // a later update came while the library was on its way
    const { width, height } = this.size();
    if (width === 0 || this.isGone) return; // `fit` draws it once it is seen
    if (!this.drawn) this.place.replaceChildren(); // of the sentence of a first try that failed
    const { selects, frame } = this.wanted, drawnOf = { figure: this.figure, as: this.said, config: this.config() };
    const isNarrow = this.isOnTelephone, moves = frame.traces && Object.keys(drawnOf).every((key) => drawnOf[key] === this.drawnOf?.[key]);
    Object.assign(this, { drawn: this.payload, drawnAs: this.said, drawnOf, isNarrow });
    if (moves) return this.move();
    const now = atFrame(...structuredClone([this.figure, frame])), look = this.look(), large = (part) => (look.least && part ? legible(part, look.least) : part);
    const size = { width, height }, frames = isNarrow ? now.frames?.map((one) => frameOnTelephone(one, now.layout, size)) : now.frames;
    const layout = { ...dressed(isNarrow ? onTelephone(now.layout, size) : now.layout, look), ...size };
    if (selects) Object.assign(layout, { clickmode: "event+select", hovermode: "closest" });
    globalThis.Plotly.react(this.place, { data: large(now.data), layout, frames: large(frames), config: drawnOf.config });
    if (!this.isHeard) this.hear();
  }

  // To the frame that is wanted: its traces move, which takes half as long as drawing all again. Plotly writes into what it is given.
  move() {
    const [wanted, own] = structuredClone([this.wanted.frame, this.figure.layout]), { least } = this.look();
    const { layout, ...frame } = this.isOnTelephone ? frameOnTelephone(wanted, own, this.size()) : wanted;
    globalThis.Plotly.animate(this.place, frame, AT_ONCE).catch(() => {}); // of one that the next has overtaken
    if (layout) globalThis.Plotly.relayout(this.place, least ? legible(layout, least) : layout);
  }

  // The same object as long as nothing in it changes: for another one Plotly would begin anew.
  config() {
    const { tools, saved_as: format, selects } = this.wanted, key = `${tools} ${format} ${selects}`;
    if (this.configured !== key) {
      this.configured = key;
      const filename = location.pathname.split("/").filter(Boolean).pop() ?? "vae-explorer";
      this.set = {
        displaylogo: false,
        displayModeBar: tools && !isTouched() ? "hover" : false,
        modeBarButtonsToAdd: [this.button],
        modeBarButtonsToRemove: selects ? NOT_HERE.slice(0, 1) : NOT_HERE,
        toImageButtonOptions: { format, filename, scale: format === "png" ? PNG_SCALE : 1 },
      };
    }
    return this.set;
  }

  size() {
    const style = getComputedStyle(this.root);
    const inner = (side, before, after) => this.root[side] - parseFloat(style[before]) - parseFloat(style[after]);
    const width = this.root.clientWidth && inner("clientWidth", "paddingLeft", "paddingRight");
    return { width, height: inner("clientHeight", "paddingTop", "paddingBottom") };
  }

  get isFull() {
    return document.fullscreenElement === this.root;
  }

  turn() {
    if (this.isFull) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  fit() {
    if (!this.wanted || !globalThis.Plotly) return;
    this.heighten();
    const { width, height } = this.size(), now = this.place.layout;
    if (width > 0 && this.isOnTelephone !== this.isNarrow) this.drawnAs = this.drawnOf = null; // a telephone that is turned
    if (!this.drawnAs) return this.draw();
    if (width > 0 && now && (now.width !== width || now.height !== height)) globalThis.Plotly.relayout(this.place, { width, height });
  }

  // Which points were circled or clicked: the first numbers of their customdata; and the button that ends what others have played.
  hear() {
    this.isHeard = true;
    this.place.on("plotly_buttonclicked", ({ button }) => {
      if (button.name === TO_ITS_FRAME) this.move();
    });
    this.place.on("plotly_selected", (event) => {
      if (!this.wanted.selects || !event) return;
      const picked = event.points.map((point) => point.customdata).filter(Number.isInteger);
      this.send?.("picked", picked.slice(0, this.wanted.selects));
    });
  }

  fail() {
    const words = document.createElement("p");
    words.textContent = "The server did not send what draws this chart. Reload the page to try again.";
    this.place.replaceChildren(words);
    this.payload = null;
  }

  close() {
    this.isGone = true;
    this.resized.disconnect();
    if (this.drawn) globalThis.Plotly.purge(this.place);
  }
}

const charts = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".vae-chart");
  if (!charts.has(root)) charts.set(root, new Chart(root));
  charts.get(root).update(data, setTriggerValue);
  return () => {
    charts.get(root)?.close();
    charts.delete(root);
  };
}
