// Snapshots of a training, one picture of each kind an epoch, on one slider.

const SECONDS_A_FRAME = 0.18, BESIDE = 470, BESIDE_A_DRAWING = 340, GAP = 24;

// The last four bytes are the epoch to show first.
function unpacked(bytes) {
  const film = unpack(bytes), start = new DataView(bytes.buffer, bytes.byteOffset + bytes.byteLength - 4).getUint32(0, true);
  return { ...film, start, files: film.arrays.map(({ name }) => film[name].values) };
}

const picture = (file) => createImageBitmap(new Blob([file], { type: "image/png" }));

class Film {
  constructor(root) {
    this.root = root;
    this.player = new Player(root, SECONDS_A_FRAME, (k) => this.draw(k));
    this.player.watch(this.player.part("stage"));
  }

  async update(bytes) {
    const film = unpacked(bytes), n = film.epochs.length;
    if (film.name === this.name) return;
    this.name = film.name;
    const pictures = await Promise.all(film.files.map(picture));
    if (film.name !== this.name) return;
    const { lines, drawn = false } = film, originals = drawn ? null : pictures.shift();
    Object.assign(this, { lines, drawn, originals, frames: pictures.slice(0, n), manifolds: pictures.slice(n) });
    this.player.part("plane").hidden = film.manifolds === 0;
    this.player.part("originals").hidden = drawn;
    this.player.part("caption").textContent = film.caption;
    this.player.part("reconstructions").classList.toggle("drawn", drawn);
    this.player.take(film);
    this.player.show(this.player.at);
  }

  draw(k) {
    const manifold = this.manifolds[k];
    this.player.part("line").textContent = this.lines[k];
    this.player.part("stage").setAttribute("aria-label", `Snapshots. ${this.lines[k]}. Arrow left and right change the epoch, space plays.`);
    const width = this.root.clientWidth, tall = Math.max(150, innerHeight - (this.drawn ? BESIDE_A_DRAWING : BESIDE));
    if (this.drawn) return this.paint("reconstructions", this.frames[k], Math.min(width, tall) / this.frames[k].width);
    const forRows = manifold ? Math.max(width - Math.min(tall, width / 2.5) - GAP, width / 2) : width;
    const times = this.fit(this.originals, Math.min(forRows, 900), tall / 2);
    this.paint("originals", this.originals, times);
    this.paint("reconstructions", this.frames[k], times);
    if (manifold) this.paint("manifold", manifold, this.fit(manifold, width - this.originals.width * times - GAP, tall));
  }

  fit(image, width, height) {
    const times = Math.min(width / image.width, height / image.height);
    return times >= 1 ? Math.floor(times) : times;
  }

  paint(name, image, times) {
    const canvas = this.player.part(name);
    if (canvas.width !== image.width || canvas.height !== image.height) Object.assign(canvas, { width: image.width, height: image.height });
    canvas.style.width = `${image.width * times}px`;
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, image.width, image.height);
    pen.drawImage(image, 0, 0);
  }
}

export default films(Film);
