// A line drawing that Python made; a part of it can be chosen by a click, by Enter or by the space bar.

class Diagram {
  constructor(root) {
    this.stage = root.querySelector('[data-part="stage"]');
    this.stage.addEventListener("click", (event) => this.choose(event));
    this.stage.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.choose(event);
    });
  }

  update({ svg, height }, _, send) {
    this.send = send;
    this.stage.style.height = height;
    if (svg === this.svg) return;
    const focused = this.stage.querySelector(":focus")?.dataset.node;
    this.svg = svg;
    this.stage.innerHTML = svg;
    if (focused) this.stage.querySelector(`[data-node="${focused}"]`)?.focus();
  }

  choose(event) {
    const node = event.target.closest("[data-node]");
    if (!node) return;
    event.preventDefault();
    this.send("node", node.dataset.node);
  }
}

export default mounted(Diagram, ".diagram");
