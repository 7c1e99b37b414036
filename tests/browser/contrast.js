// The texts of a page that are drawn with less contrast than 4.5 : 1 (WCAG 2.2, 1.4.3), each with its ratio.
() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ancestors = (e) => (e ? [e, ...ancestors(e.parentElement)] : []);
  // A slider's value stands above its thumb, in whose element it is.
  const ground = (e) => ancestors(e.closest('[data-testid="stSliderThumbValue"]')?.parentElement.parentElement ?? e)
    .map((one) => rgba(getComputedStyle(one).backgroundColor))
    .reduceRight((below, top) => over(top, below), [255, 255, 255, 1]);
  const isSeen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getBoundingClientRect().width > 1;
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim();
    if (!/[\p{L}\p{N}]/u.test(text) || !isSeen(e) || e.closest("script, style, .katex, [data-testid=stIconMaterial], .vae-chart")) continue;
    const colour = rgba(getComputedStyle(e).color), below = ground(e);
    colour[3] *= ancestors(e).reduce((product, one) => product * getComputedStyle(one).opacity, 1);
    const [low, high] = [luminance(over(colour, below)), luminance(below)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)}: ${text}`);
  }
  return faint;
}
