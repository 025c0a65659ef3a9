// The rows of the list: their texts and numbers, and what stands behind each.
"use strict";

const finderRows = (() => {
  const MISSING = "Not stated";
  const { numberOf } = finderSave;

  const make = (tag, options = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), options);
    element.append(...children);
    return element;
  };

  const of = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const names = heads.map((head) => head.textContent.trim());
    const facets = heads.flatMap((head, at) => (head.dataset.facet ? [at] : []));
    const rows = [...table.tBodies[0].rows].map((element, place) => {
      const behind = element.querySelector("details");
      const texts = [...element.cells].map((cell) =>
        (cell.querySelector("summary") ?? cell).textContent.trim(),
      );
      const values = texts.map((text, at) =>
        facets.includes(at) ? text.split("; ").filter(Boolean) : [text],
      );
      return { element, place, texts, values, behind, body: behind.lastElementChild };
    });
    // Numbers of a trial that a filter takes from and to; null: the trial states none.
    const numbersOf = {
      "Start year": (row) => numberOf(row.element.querySelector("[data-start]")?.dataset.start ?? ""),
      Participants: (row) => numberOf(row.texts[names.indexOf("Participants")]),
    };
    for (const row of rows) {
      row.numbers = Object.fromEntries(
        Object.entries(numbersOf).map(([name, numberIn]) => [name, numberIn(row)]),
      );
    }

    // What the search looks into: the id, the titles, and each condition as registered.
    // Names of groups are ours: "liver" is no word of a trial on Crohn's disease.
    const searched = heads.flatMap((head, at) => (head.dataset.searched ? [at] : []));
    const foldedOf = (row) => {
      if (row.folded) return row.folded;
      const texts = searched.map((at) => row.texts[at]).filter((text) => text !== MISSING);
      const more = row.body.querySelectorAll(".t, .c span");
      row.folded = finderSearch.foldAll([...texts, ...[...more].map((one) => one.textContent)]);
      return row.folded;
    };

    // What an id opens has a row of its own where the table has columns; it stays within
    // its cell on a narrow screen, and without this script.
    const isCards = matchMedia("(max-width: 40rem)");
    const linesOf = (row) => {
      if (!row.behind.open || isCards.matches) {
        row.behind.append(row.body);
        row.line?.remove();
        return [row.element];
      }
      row.line ??= make("tr", { className: "finder-behind" }, make("td", { colSpan: heads.length }));
      row.line.firstElementChild.append(row.body);
      return [row.element, row.line];
    };
    for (const row of rows) {
      row.behind.addEventListener("toggle", () => {
        const [own, line] = linesOf(row);
        if (line && own.isConnected) own.after(line);
      });
    }

    return { heads, names, facets, rows, linesOf, foldedOf, isCards };
  };

  return { of, make, MISSING };
})();
