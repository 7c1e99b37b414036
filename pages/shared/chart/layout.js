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
  return look.least ? legible({ ...whole, font: { size: look.least, ...layout.font } }, look.least) : whole;
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
