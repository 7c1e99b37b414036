// A training, epoch by epoch: samples and the warped grid of each network, on one slider.

const HALF_WIDTH = 1.75, SECONDS_A_FRAME = 0.16;

class Panel {
  constructor(kind, title, box, player) {
    this.kind = kind;
    const panel = document.createElement("div"), heading = document.createElement("h3");
    [this.stage, this.said] = [document.createElement("div"), document.createElement("p")];
    panel.className = "panel";
    this.stage.className = "stage";
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.title = title;
    const [below, above] = [document.createElement("canvas"), document.createElement("canvas")];
    this.stage.append(below, above);
    heading.textContent = title;
    panel.append(heading, this.stage, this.said);
    box.append(panel);
    this.dots = new DotLayer(below);
    this.lines = above.getContext("2d");
    this.camera = new Camera();
    this.camera.halfWidth = HALF_WIDTH;
    player.watch(this.stage);
  }

  draw(frames, at, colours, colour) {
    const ratio = Math.min(2, devicePixelRatio || 1), size = Math.max(64, Math.round(this.stage.clientWidth * ratio));
    const { lines, camera } = this;
    camera.size = size;
    this.dots.resize(size);
    if (lines.canvas.width !== size) lines.canvas.width = lines.canvas.height = size;
    lines.clearRect(0, 0, size, size);
    drawAxes(lines, camera, 2, colours, ratio);
    const part = (name) => {
      const { values, shape } = frames[`${this.kind}_${name}`], each = shape.slice(1).reduce((a, b) => a * b, 1);
      const points = values.subarray(at * each, (at + 1) * each), out = new Float32Array((each / 2) * 3);
      camera.project(points, 2, out);
      return { out, n: each / 2, perLine: shape[2] };
    };
    const samples = part("samples");
    this.dots.draw(samples.out, new Uint32Array(samples.n).fill(colourTable([colour, colour])[0]), samples.n, 2, HALF_WIDTH);
    for (const [name, style, alpha, wide] of [["lines", colours.text, 0.45, 1], ["circles", colours.primary, 0.9, 1.5]]) {
      const { out, n, perLine } = part(name);
      lines.strokeStyle = style;
      lines.globalAlpha = alpha;
      lines.lineWidth = wide * ratio;
      drawLines(lines, out, perLine, new Uint8Array(n));
    }
    lines.globalAlpha = 1;
    lines.strokeStyle = colours.text;
    lines.lineWidth = 2 * ratio;
    lines.setLineDash([6 * ratio, 5 * ratio]);
    lines.beginPath();
    lines.arc(size / 2, size / 2, size / (2 * HALF_WIDTH), 0, 2 * Math.PI);
    lines.stroke();
    lines.setLineDash([]);
  }
}

class Film {
  constructor(root) {
    this.root = root;
    this.player = new Player(root, SECONDS_A_FRAME, (k) => this.draw(k));
  }

  update(bytes) {
    this.colours = themeColours(this.root);
    const frames = unpack(bytes), { player } = this;
    if (this.frames?.name !== frames.name) {
      this.frames = frames;
      this.root.dataset.bytes = bytes.byteLength;
      this.panels ??= frames.panels.map(({ kind, title }) => new Panel(kind, title, player.part("panels"), player));
      player.take(frames);
    }
    player.show(player.at);
  }

  draw(k) {
    this.panels.forEach((panel, i) => {
      const { colour, said } = this.frames.panels[i];
      panel.draw(this.frames, k, this.colours, colour);
      panel.said.textContent = said[k];
      panel.stage.setAttribute("aria-label", `${panel.title}: ${said[k]}. Arrow left and right change the epoch, space plays.`);
    });
  }
}

export default films(Film);
