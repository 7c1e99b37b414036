// Sets `--window`, the height that pictures may count on, where a page has other room than usual: in the view for a projector, and below the
// bar of a lecture. `data-fits` of the document says whether it is set.

if (!document.documentElement.dataset.fits) {
  const root = document.documentElement, part = (id) => document.querySelector(`[data-testid="${id}"]`);
  let tries = [], of = "", left = null, later = null;

  // What takes room here, or nothing that does.
  const cause = () => {
    const isLarge = getComputedStyle(root).getPropertyValue("--least-type") !== "";
    return isLarge ? "large type" : document.querySelector(".st-key-lecture_bar") ? "bar" : "";
  };
  // By how much the page is higher than the window; less than 0 if something is free below it.
  const excess = () => {
    const main = part("stMain"), block = part("stMainBlockContainer"), content = [...block.firstElementChild.children];
    if (main.scrollHeight > main.clientHeight) return main.scrollHeight - main.clientHeight;
    const end = Math.max(...content.map((one) => one.getBoundingClientRect().bottom));
    return Math.ceil(end + parseFloat(getComputedStyle(block).paddingBottom) + main.scrollTop - main.getBoundingClientRect().bottom);
  };
  const begin = (height) => {
    if (height === null) root.style.removeProperty("--window");
    else root.style.setProperty("--window", `${height}px`);
    root.dataset.fits = height === null ? "yes" : "not yet";
    wait();
  };
  const end = (height, over) => {
    root.style.setProperty("--window", `${height}px`);
    [tries, left, root.dataset.fits] = [[{ height, excess: over }], over, "yes"];
  };

  const fit = () => {
    const own = innerHeight, why = cause(), now = [why, location.pathname, innerWidth, own].join();
    if (!part("stMainBlockContainer")?.firstElementChild || part("stApp").dataset.testScriptState !== "notRunning") return;
    sized.observe(part("stMainBlockContainer"));
    if (now !== of) {
      [of, tries, left] = [now, [{ height: own }], null];
      begin(why ? own : null);
      return;
    }
    if (!why) return;
    const over = excess(), last = tries[tries.length - 1];
    if (left !== null && over <= Math.max(0, left)) return; // it fits, or as well as it may
    left = null;
    last.excess = over;
    const height = why === "bar" && over <= 0 ? last.height : nextHeight(tries, own), tried = tries.find((one) => one.height === height);
    if (tried) end(height, tried.excess);
    else {
      tries.push({ height });
      begin(height);
    }
  };
  const wait = () => {
    later ??= setTimeout(() => {
      later = null;
      fit();
    }, 100);
  };

  const sized = new ResizeObserver(wait);
  root.dataset.fits = "not yet";
  addEventListener("resize", wait);
  new MutationObserver(wait).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] });
  wait();
}
