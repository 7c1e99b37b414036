// What a chart's layout becomes on a page, without a page.

// A layout with the page's colours and type where its template leaves them open.
function dressed(layout, look) {
  const template = layout.template ?? {}, own = template.layout ?? {};
  const type = { color: look.text, family: look.family };
  const page = {
    ...own,
    font: { ...own.font, ...type },
    title: { x: 0, xanchor: "left", ...own.title, font: { ...own.title?.font, color: look.heading, family: look.headings, weight: 700 } },
    hoverlabel: { ...own.hoverlabel, bgcolor: look.ground, bordercolor: look.border, font: { ...own.hoverlabel?.font, ...type } },
    modebar: { color: look.text, activecolor: look.accent, bgcolor: "rgba(0, 0, 0, 0)" },
  };
  const whole = { ...layout, ...zoomed(layout), template: { ...template, layout: page } };
  return levelled(look.least ? legible({ ...whole, font: { size: look.least, ...layout.font } }, look.least) : whole);
}

const OF_POWERS = 1.25; // how much larger Plotly writes powers of ten than other numbers

// A layout whose powers of ten are as large as the numbers of its other axes.
function levelled(layout) {
  const own = layout.template.layout, size = (name, axis) => axis.tickfont?.size ?? own[name.slice(0, 5)]?.tickfont?.size;
  const isOfPowers = (name, axis) => axis.type === "log" && !axis.tickvals && !axis.tickformat && size(name, axis);
  const level = ([name, axis]) => [name, { ...axis, tickfont: { ...axis.tickfont, size: size(name, axis) / OF_POWERS } }];
  return { ...layout, ...Object.fromEntries(axesOf(layout).filter(([name, axis]) => isOfPowers(name, axis)).map(level)) };
}

// A figure with what a frame changes of its data and layout.
function atFrame(figure, frame) {
  const data = [...figure.data];
  frame.traces?.forEach((number, k) => {
    data[number] = { ...data[number], ...frame.data[k] };
  });
  return { ...figure, data, layout: { ...figure.layout, ...frame.layout } };
}

// A layout, traces or frames with no type smaller than this, wherever a font is set.
function legible(part, least, isFont = false) {
  if (Array.isArray(part)) return typeof part[0] === "object" ? part.map((one) => legible(one, least)) : part;
  if (part === null || typeof part !== "object") return part;
  const grown = ([key, value]) => [key, isFont && key === "size" ? Math.max(value, least) : legible(value, least, /font$/.test(key))];
  return Object.fromEntries(Object.entries(part).map(grown));
}

// The axes, so that a person's zoom lasts while new data have the same quantity on them; Plotly ends it where a range is another.
function zoomed(layout) {
  return Object.fromEntries(axesOf(layout).map(([name, axis]) => [name, { ...axis, uirevision: axis.title?.text ?? name }]));
}

function axesOf(layout) {
  return Object.entries(layout).filter(([name]) => /^[xy]axis\d*$/.test(name));
}

const NARROW = 420; // pixels of width: a telephone held upright
const BETWEEN = 84; // pixels between panels that stand below one another, for a title, ticks and what is over the next
const LEAST_PANEL = 190, LEAST_SHARE = 0.45; // pixels of the highest panel, and how much of it the lowest has at least
const SIZE = 15; // of titles, where nothing is said

// What a chart is on a telephone: its panels below one another, its words in lines that are no wider than it; elsewhere it is as it was.
function onTelephone(layout, { width, height }) {
  if (width >= NARROW) return layout;
  const room = width - 48, { title, legend } = layout, panels = inOneColumn(panelsOf(layout), height);
  const own = { ...layout, ...axesIn(layout, room) };
  if (title?.text && legend) Object.assign(own, { title: { ...title, text: "" }, legend: { ...legend, title: { text: `${wrapped(title.text, room, SIZE)}<br>`, side: "top", font: title.font } } });
  for (const { names, up, now } of panels) {
    for (const [across, upright] of names) {
      own[across] = { ...own[across], domain: [0, 1] };
      own[upright] = { ...own[upright], domain: now };
    }
  }
  const moved = (parts) => parts?.map((part) => movedWith(panels, part, height));
  return { ...own, annotations: moved(layout.annotations), updatemenus: moved(layout.updatemenus) };
}

// A frame whose title stands where the chart's does there.
function frameOnTelephone(frame, layout, size) {
  if (size.width >= NARROW || !frame.layout) return frame;
  const { title, legend } = onTelephone({ ...layout, ...frame.layout }, size);
  return { ...frame, layout: { title, legend } };
}

// Its height there as CSS: so many panels of the height that one has elsewhere, if not of the least.
function heightOnTelephone(layout, height) {
  const whole = `min(${height}, 115vw)`, panels = panelsOf(layout);
  if (!isInColumns(panels)) return whole;
  const shares = sharesOf(panels), sum = shares.reduce((a, b) => a + b), highest = Math.max(...panels.map(({ up }) => up[1] - up[0]));
  return `calc(${sum.toFixed(3)} * max(${LEAST_PANEL}px, ${(0.75 * highest).toFixed(3)} * ${whole}) + ${BETWEEN * panels.length}px)`;
}

function isInColumns(panels) {
  return new Set(panels.map(({ across }) => across[0].toFixed(2))).size > 1;
}

// How high each panel is, as a share of the highest.
function sharesOf(panels) {
  const heights = panels.map(({ up }) => up[1] - up[0]), highest = Math.max(...heights);
  return heights.map((one) => Math.max(LEAST_SHARE, one / highest));
}

// The panels with what each is to take of the height, the first uppermost; none where they stand in one column.
function inOneColumn(panels, height) {
  if (!isInColumns(panels)) return [];
  const between = Math.min(0.3 / panels.length, BETWEEN / (height - 100)), shares = sharesOf(panels);
  const unit = (1 - between * (panels.length - 1)) / shares.reduce((a, b) => a + b);
  let top = 1;
  return panels.map((one, k) => {
    const now = [Math.max(0, top - unit * shares[k]), top];
    top = now[0] - between;
    return { ...one, now };
  });
}

// What has its place on the whole chart, with the panel that it belonged to: within it at the same share of it, above it as far above.
function movedWith(panels, part, height) {
  if ((part.xref ?? "paper") !== "paper" || (part.yref ?? "paper") !== "paper") return part;
  const { x = 0, y = 1 } = part, isAt = (by) => ({ across, up }) => x >= across[0] - by && x <= across[1] + by && y >= up[0] - 0.01 && y <= up[1] + 0.15;
  const one = panels.find(isAt(0.001)) ?? panels.find(isAt(0.02));
  if (!one || part.xshift) return part; // what is shifted stands beside the whole
  const { across, up, now } = one, share = (y - up[0]) / (up[1] - up[0]);
  return { ...part, x: (x - across[0]) / (across[1] - across[0]), y: share > 1 ? now[1] + 6 / height : now[0] + share * (now[1] - now[0]) };
}

// The panels, in the order in which they are read, each with the names of its pairs of axes and with its sides as shares of the chart.
function panelsOf(layout) {
  const panels = new Map();
  for (const [name, { domain: across = [0, 1], anchor, overlaying }] of axesOf(layout)) {
    if (name[0] === "y" || overlaying) continue;
    const upright = /^y\d*$/.test(anchor ?? "") ? anchor.replace("y", "yaxis") : name.replace("x", "y");
    const up = layout[upright]?.domain ?? [0, 1], key = `${across} ${up}`;
    panels.set(key, { across, up, names: [...(panels.get(key)?.names ?? []), [name, upright]] });
  }
  const isAbove = (a, b) => a.up[0] >= b.up[1] - 0.01;
  return [...panels.values()].sort((a, b) => (isAbove(a, b) ? -1 : isAbove(b, a) ? 1 : a.across[0] - b.across[0]));
}

// The axes across whose titles are wider than the room, with titles in lines.
function axesIn(layout, room) {
  const narrow = ([name, axis]) => [name, { ...axis, title: { ...axis.title, text: wrapped(axis.title.text, room, axis.title.font?.size ?? SIZE) } }];
  return Object.fromEntries(axesOf(layout).filter(([name, axis]) => name[0] === "x" && axis.title?.text).map(narrow));
}

// A text in lines, broken between words; a letter is about half as wide as high.
function wrapped(text, room, size) {
  const width = (one) => 0.54 * size * one.replace(/<[^>]*>/g, "").length;
  const joined = ([last, ...before], word) => (width(`${last} ${word}`) <= room ? [`${last} ${word}`, ...before] : [word, last, ...before]);
  const [first, ...words] = text.split(" ");
  return words.reduce(joined, [first]).reverse().join("<br>");
}
