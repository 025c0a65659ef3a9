// The rows of figures as links: each chooses in the list what it counts.
"use strict";

const finderFigures = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const PITCH = 14; // height of a row that stands alone
  const DRAWN = {
    "fig-routes": "Route",
    "fig-cell-sources": "Cell source",
    "fig-source-by-route": "Cell source",
    "fig-donor-by-source": "Cell source",
    "fig-cell-types": "Cell type",
    "fig-phases": "Phase",
    "fig-countries": "Country",
    "fig-statuses": "Status",
    "fig-conditions": "Condition",
    "fig-condition-by-route": "Condition",
    "fig-condition-starts": "Condition",
  };

  // A divided bar: its words name parts, not rows.
  const BARS = new Set(["fig-phases"]);

  const make = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  // A label at the left edge names its row; heads of columns stand further right.
  const labels = (svg, isValue, isBar) =>
    [...svg.querySelectorAll("text")].filter(
      (text) =>
        (isBar || Number(text.getAttribute("x")) < 1) && isValue(text.textContent.trim()),
    );

  const heightOf = (texts) => {
    const places = texts.map((text) => Number(text.getAttribute("y"))).sort((a, b) => a - b);
    const gaps = places.slice(1).map((place, at) => place - places[at]);
    return Math.min(...gaps.filter((gap) => gap > 1), 2 * PITCH);
  };

  // `isValue(name, value)` tells what the list can filter; `choose(name, value)` does it.
  const link = (isValue, choose) => {
    for (const [id, name] of Object.entries(DRAWN)) {
      for (const svg of document.querySelectorAll(`#${id} svg`)) {
        const isBar = BARS.has(id);
        const texts = labels(svg, (value) => isValue(name, value), isBar);
        const height = texts.length > 1 ? heightOf(texts) : PITCH;
        for (const text of texts) {
          const value = text.textContent.trim();
          const row = make("a", {
            class: "finder-pick",
            href: `#?${new URLSearchParams({ [name]: value })}`,
            "aria-label": `Show in the list: ${name}, ${value}`,
          });
          const middle = Number(text.getAttribute("y")) - 2.5;
          const [, , width] = svg.getAttribute("viewBox").split(" ");
          const around = isBar ? text.getBBox() : { x: 0, y: middle - height / 2, width, height };
          const place = { x: around.x, y: around.y, width: around.width, height: around.height };
          text.before(row);
          row.append(make("rect", { ...place, fill: "transparent" }), text);
          row.addEventListener("click", (event) => {
            event.preventDefault();
            choose(name, value);
          });
        }
        // What an image holds cannot be reached by the keyboard.
        if (texts.length) svg.setAttribute("role", "group");
      }
    }
  };

  return { link };
})();
