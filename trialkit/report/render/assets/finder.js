// Search, sort and filter over the plain table of trials of a report.
//
// Without this script the table stands as it is. The state is in the address after #,
// and what the reader has chosen can be taken along as CSV or XLSX.
"use strict";

(() => {
  const table = document.querySelector("table.finder");
  if (!table) return;

  const MOST = 8; // values of a filter that are shown before "more"
  const AT_ONCE = 100; // rows that are shown before "Show all"
  const TYPING = 250; // milliseconds after the last key until a number counts
  const { numberOf } = finderSave;
  const { make, MISSING } = finderRows;
  const { heads, names, facets, rows, linesOf, foldedOf, isCards } = finderRows.of(table);
  const state = { words: "", chosen: new Map(), ranges: new Map(), sort: "", down: false };

  // Which rows match

  const isWithin = (number, [low, high]) =>
    number !== null && (low === null || number >= low) && (high === null || number <= high);

  let everything = "";
  const allTexts = () => (everything ||= rows.map((row) => foldedOf(row).lower).join("\n"));
  setTimeout(allTexts); // before the first word is typed

  let trouble = "";
  const queryOf = (words) => {
    trouble = "";
    if (!words.trim()) return null;
    try {
      return finderSearch.parse(words, allTexts());
    } catch (error) {
      trouble = error.message;
      return { holds: () => false };
    }
  };

  // The rows that match, and per filter how many there would be of each of its values:
  // a filter counts the rows that all others leave, and a row that two refuse is gone.
  const matching = (list, { words, chosen: picked, ranges } = state) => {
    const query = queryOf(words);
    const chosen = [...picked].filter(([, values]) => values.size);
    const counts = new Map(facets.map((at) => [at, new Map()]));
    const found = [];
    for (const row of list) {
      if (query && !query.holds(foldedOf(row))) continue;
      if (![...ranges].every(([name, ends]) => isWithin(row.numbers[name], ends))) continue;
      const refused = chosen.filter(
        ([at, values]) => !row.values[at].some((value) => values.has(value)),
      );
      if (refused.length > 1) continue;
      if (!refused.length) found.push(row);
      for (const at of refused.length ? [refused[0][0]] : facets) {
        const own = counts.get(at);
        for (const value of new Set(row.values[at])) own.set(value, (own.get(value) || 0) + 1);
      }
    }
    return { found, counts };
  };

  // The filters

  const search = make("input", { type: "search", id: "finder-words" });
  const status = make("p", { className: "finder-status" });
  status.setAttribute("role", "status");
  const chips = make("div", { className: "finder-chips" });
  const boxes = new Map();

  const whole = matching(rows).counts;
  const order = (at) => {
    const all = whole.get(at);
    const names = [...all.keys()].sort(
      (a, b) =>
        (a === MISSING) - (b === MISSING) || all.get(b) - all.get(a) || (a < b ? -1 : 1),
    );
    return names;
  };

  // A value counts what is labelled so, as the figures do; its kinds stand beside it.
  const kindsOf = (at, lines) =>
    Object.entries(JSON.parse(heads[at].dataset.kinds ?? "{}")).flatMap(([value, kinds]) => {
      const own = kinds.filter((kind) => lines.has(kind)).join(", ");
      const told = `${value} is without ${own}; in a report’s own filter it holds both.`;
      return own && lines.has(value) ? [make("p", { className: "finder-note" }, told)] : [];
    });

  const facetOf = (at) => {
    const list = make("div", { className: "finder-values" });
    const lines = new Map();
    const values = order(at);
    const most = values.filter((value) => value !== MISSING).length > MOST + 1 ? MOST : MOST + 1;
    values.forEach((value, place) => {
      const box = make("input", { type: "checkbox" });
      const number = make("span", { className: "n" });
      const bar = make("span", { className: "bar" });
      const line = make("label", {}, box, make("span", { className: "v" }, value), number, bar);
      // One value more takes no more room than the button that would show it.
      line.hidden = place >= most && value !== MISSING;
      box.addEventListener("change", () => choose(at, value, box.checked));
      lines.set(value, { box, number, bar, line });
      list.append(line);
    });
    boxes.set(at, lines);
    const field = make("fieldset", {}, make("legend", {}, names[at]), list, ...kindsOf(at, lines));
    const out = [...lines.values()].filter(({ line }) => line.hidden).length;
    if (out) {
      const more = make("button", { type: "button" }, `${out} more`);
      more.addEventListener("click", () => {
        for (const { line } of lines.values()) line.hidden = false;
        more.remove();
      });
      field.append(more);
    }
    return field;
  };

  // A filter of two ends; what states no number is left out, and the page says so.
  const ends = new Map();
  const rangeOf = (name) => {
    let waiting;
    const inputs = ["from", "to"].map((word) => {
      const input = make("input", { type: "number", min: "0", step: "1" });
      input.setAttribute("aria-label", `${name} ${word}`);
      const apply = () => {
        clearTimeout(waiting);
        setRange(name, inputs.map((one) => numberOf(one.value)));
        show();
      };
      input.addEventListener("change", apply);
      input.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(apply, TYPING);
      });
      return input;
    });
    const note = make("p", { className: "finder-note" });
    ends.set(name, { inputs, note });
    const line = make("div", { className: "finder-ends" }, inputs[0], "to", inputs[1]);
    return make("fieldset", {}, make("legend", {}, name), line, note);
  };

  const setRange = (name, range) => {
    if (range.every((end) => end === null)) state.ranges.delete(name);
    else state.ranges.set(name, range);
  };

  const rangeText = ([low, high], between) => `${low ?? ""}${between}${high ?? ""}`;

  const showRanges = () => {
    for (const [name, { inputs, note }] of ends) {
      const range = state.ranges.get(name) ?? [null, null];
      inputs.forEach((input, at) => {
        // What is being typed stays as it is written.
        if (numberOf(input.value) !== range[at]) input.value = range[at] ?? "";
      });
      const silent = rows.filter((row) => row.numbers[name] === null).length;
      const isTurned = range[0] !== null && range[1] !== null && range[0] > range[1];
      if (isTurned) note.textContent = "It ends before it begins.";
      else if (!state.ranges.has(name) || !silent) note.textContent = "";
      else note.textContent = `Leaves out what states none: ${silent.toLocaleString("en")} of the list.`;
    }
  };

  const choose = (at, value, isOn) => {
    const values = state.chosen.get(at) || new Set();
    if (isOn) values.add(value);
    else values.delete(value);
    state.chosen.set(at, values);
    show();
  };

  // The table

  const compared = (at) => (a, b) => {
    const [x, y] = [a.texts[at], b.texts[at]];
    const [m, n] = [numberOf(x), numberOf(y)];
    if (m !== null && n !== null) return m - n;
    const missing = (x === MISSING) - (y === MISSING);
    return missing || x.localeCompare(y, "en");
  };

  const sorted = () => {
    const at = names.indexOf(state.sort);
    const list = [...rows];
    if (at < 0) return list;
    list.sort((a, b) => compared(at)(a, b) || a.place - b.place);
    return state.down ? list.reverse() : list;
  };

  heads.forEach((head, at) => {
    const button = make("button", { type: "button", className: "finder-sort" });
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const again = state.sort === names[at];
      state.down = again && !state.down;
      state.sort = names[at];
      show();
    });
    head.append(button);
  });

  const more = make("button", { type: "button", className: "finder-more" });
  let found = rows;

  const showRows = (n) => {
    table.tBodies[0].replaceChildren(...found.slice(0, n).flatMap(linesOf));
    more.hidden = found.length <= n;
    more.textContent = `Show all ${found.length.toLocaleString("en")}`;
  };
  more.addEventListener("click", () => showRows(found.length));
  addEventListener("beforeprint", () => showRows(found.length));
  isCards.addEventListener("change", () => showRows(table.tBodies[0].rows.length));

  const show = ({ isNew = true } = {}) => {
    const { found: fitting, counts } = matching(sorted());
    found = fitting;
    showRows(AT_ONCE);
    heads.forEach((head, at) => {
      if (names[at] !== state.sort) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    });
    for (const at of facets) {
      const all = counts.get(at);
      const most = Math.max(1, ...all.values());
      for (const [value, parts] of boxes.get(at)) {
        const n = all.get(value) || 0;
        parts.number.textContent = n.toLocaleString("en");
        parts.bar.style.setProperty("--share", n / most);
        parts.line.classList.toggle("none", !n);
        parts.box.checked = Boolean(state.chosen.get(at)?.has(value));
        if (parts.box.checked) parts.line.hidden = false;
      }
    }
    const people = names.findIndex((name) => name === "Participants");
    const sum = found.reduce((total, row) => total + (numberOf(row.texts[people]) || 0), 0);
    const told = people < 0 ? "" : `, ${sum.toLocaleString("en")} participants`;
    const all = rows.length.toLocaleString("en");
    const left = found.length || trouble ? "" : leftWithout();
    const why = trouble && `. The search cannot be read: ${trouble}`;
    status.textContent = `${found.length.toLocaleString("en")} of ${all} trials${told}${why}${left}`;
    showRanges();
    showChips();
    if (isNew) history.replaceState(null, "", written() || location.pathname + location.search);
  };

  // Of choices that leave nothing: how many trials there would be without each of them.
  const leftWithout = () => {
    const shorter = (map, key) => new Map([...map].filter(([own]) => own !== key));
    const tries = [
      ...(state.words.trim() ? [["the search", { words: "" }]] : []),
      ...[...state.chosen]
        .filter(([, values]) => values.size)
        .map(([at]) => [names[at], { chosen: shorter(state.chosen, at) }]),
      ...[...state.ranges.keys()].map((name) => [name, { ranges: shorter(state.ranges, name) }]),
    ];
    if (tries.length < 2) return "";
    const counts = tries
      .map(([name, other]) => [name, matching(rows, { ...state, ...other }).found.length])
      .filter(([, n]) => n)
      .map(([name, n]) => `${n.toLocaleString("en")} without ${name}`);
    return `. There would be ${counts.join(", ") || "none either without any one of these choices"}.`;
  };

  const showChips = () => {
    const made = [];
    for (const [at, values] of state.chosen) {
      for (const value of values) {
        const chip = make("button", { type: "button" }, `${names[at]}: ${value} ×`);
        chip.setAttribute("aria-label", `Remove the filter ${names[at]}: ${value}`);
        chip.addEventListener("click", () => choose(at, value, false));
        made.push(chip);
      }
    }
    for (const [name, range] of state.ranges) {
      const chip = make("button", { type: "button" }, `${name}: ${rangeText(range, "–")} ×`);
      chip.setAttribute("aria-label", `Remove the filter ${name}`);
      chip.addEventListener("click", () => {
        state.ranges.delete(name);
        show();
      });
      made.push(chip);
    }
    chips.replaceChildren(...made);
    title.textContent = made.length ? `Filters (${made.length})` : "Filters";
    sorting.value = state.sort && (state.down ? "-" : "") + state.sort;
  };

  // The address

  const written = () => {
    const parts = new URLSearchParams();
    if (state.words) parts.set("find", state.words);
    for (const [at, values] of state.chosen) {
      for (const value of values) parts.append(names[at], value);
    }
    for (const [name, range] of state.ranges) parts.set(name, rangeText(range, ".."));
    if (state.sort) parts.set("sort", (state.down ? "-" : "") + state.sort);
    const text = parts.toString();
    return text && `#?${text}`;
  };

  const read = () => {
    if (!location.hash.startsWith("#?")) return false;
    const parts = new URLSearchParams(location.hash.slice(2));
    state.words = parts.get("find") || "";
    state.sort = (parts.get("sort") || "").replace(/^-/, "");
    state.down = (parts.get("sort") || "").startsWith("-");
    state.chosen = new Map();
    for (const at of facets) {
      const known = boxes.get(at);
      const values = parts.getAll(names[at]).filter((value) => known.has(value));
      if (values.length) state.chosen.set(at, new Set(values));
    }
    state.ranges = new Map();
    for (const name of ends.keys()) {
      const given = /^(\d*)\.\.(\d*)$/.exec(parts.get(name) || "");
      if (given) setRange(name, given.slice(1).map(numberOf));
    }
    search.value = state.words;
    return true;
  };

  // What can be taken along

  const selection = () => [names, ...found.map((row) => row.texts)];

  const save = (blob, name) => {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const button = (text, blob, name) => {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", () => save(blob(), name));
    return made;
  };

  // The page

  // Cards have no heads to choose: a list of orders takes their place.
  const sorting = make(
    "select",
    {},
    make("option", { value: "" }, "Start"),
    ...names.flatMap((name) => [
      make("option", { value: name }, name),
      make("option", { value: `-${name}` }, `${name}, turned round`),
    ]),
  );
  sorting.addEventListener("change", () => {
    state.sort = sorting.value.replace(/^-/, "");
    state.down = sorting.value.startsWith("-");
    show();
  });
  const sorter = make("label", { className: "finder-order" }, "Sort by ", sorting);

  const clear = make("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => {
    Object.assign(state, { words: "", chosen: new Map(), ranges: new Map() });
    Object.assign(state, { sort: "", down: false });
    search.value = "";
    show();
  });
  search.addEventListener("input", () => {
    state.words = search.value;
    show();
  });
  const hint = make(
    "p",
    { className: "finder-note", id: "finder-hint" },
    "Searches registry ids, titles and registered conditions, with synonyms; the query of " +
      "a report also searches summaries, arms and interventions. The filters hold our groups. " +
      "“liver failure” is a phrase, cirrho* an open end; OR, NOT and brackets count.",
  );
  search.setAttribute("aria-describedby", hint.id);
  const title = make("summary", {}, "Filters");
  const fold = make(
    "details",
    { className: "finder-fold" },
    title,
    make("div", { className: "finder-ranges" }, ...Object.keys(rows[0].numbers).map(rangeOf)),
    make("div", { className: "finder-facets" }, ...facets.map(facetOf)),
  );
  const isStacked = matchMedia("(max-width: 56rem)");
  const setFold = () => (fold.open = !isStacked.matches);
  isStacked.addEventListener("change", setFold);
  setFold();
  const side = make(
    "form",
    { className: "finder-filters" },
    make("label", { htmlFor: search.id }, "Search the list"),
    search,
    hint,
    fold,
  );
  side.addEventListener("submit", (event) => event.preventDefault());
  const bar = make(
    "div",
    { className: "finder-bar" },
    status,
    chips,
    sorter,
    clear,
    button("CSV", () => finderSave.csv(selection()), "trials.csv"),
    button("XLSX", () => finderSave.xlsx(selection()), "trials.xlsx"),
  );
  const box = table.closest(".table-box") || table;
  const frame = make("div", { className: "finder-whole" });
  box.before(frame);
  frame.append(side, make("div", { className: "finder-list" }, bar, box, more));
  status.tabIndex = -1;
  finderFigures.link(
    (name, value) => Boolean(boxes.get(names.indexOf(name))?.has(value)),
    (name, value) => {
      choose(names.indexOf(name), value, true);
      bar.scrollIntoView();
      status.focus({ preventScroll: true });
    },
  );
  const isGiven = read();
  show({ isNew: false });
  if (isGiven) frame.scrollIntoView();
  addEventListener("hashchange", () => read() && show({ isNew: false }));
})();
