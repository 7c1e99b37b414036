// What every picture that is drawn on a canvas takes from its page, and how it is kept.

// The theme's colours and type, as the page hands them down, and the least size of type, in pixels: 0 but for a projector.
function themeColours(element) {
  const style = getComputedStyle(element), read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const text = read("--st-text-color", "#31333f");
  const colours = { text, primary: read("--st-primary-color", "#ff4b4b"), paper: read("--st-background-color", "#ffffff") };
  return { ...colours, font: style.fontFamily || "sans-serif", least: parseFloat(read("--least-type", "0")) };
}

// #rrggbb of any colour that the browser can read.
function hex(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return `#${[...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

// A canvas as large as its place, with nothing on it, and a pen whose unit is a pixel of the page.
function emptied(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement, ratio = Math.min(2, devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

const KEPT_RATIO = 3; // pixels of a saved picture for one on the screen: sharp in print and on slides

// Layers of a picture on paper, as a PNG file.
function savePicture(layers, paper, name) {
  const picture = document.createElement("canvas");
  [picture.width, picture.height] = [layers[0].width, layers[0].height];
  const context = picture.getContext("2d");
  context.fillStyle = paper;
  context.fillRect(0, 0, picture.width, picture.height);
  for (const layer of layers) context.drawImage(layer, 0, 0);
  const link = document.createElement("a");
  link.href = picture.toDataURL("image/png");
  link.download = `${name}.png`;
  link.click();
}
