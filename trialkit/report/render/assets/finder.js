// Search, sort and filter over the plain table of trials of a report.
//
// Without this script the table stands as it is. The state is in the address after #,
// and what the reader has chosen can be taken along as CSV or XLSX.
"use strict";

(() => {
  const table = document.querySelector("table.finder");
  if (!table) return;

  const MISSING = "Not stated";
  const MOST = 12; // values of a filter that are shown before "more"
  const AT_ONCE = 100; // rows that are shown before "Show all"
  const heads = [...table.tHead.rows[0].cells];
  const names = heads.map((head) => head.textContent.trim());
  const facets = heads.flatMap((head, at) => (head.dataset.facet ? [at] : []));
  const rows = [...table.tBodies[0].rows].map((element, place) => {
    const texts = [...element.cells].map((cell) => cell.textContent.trim());
    const values = texts.map((text, at) =>
      facets.includes(at) ? text.split("; ").filter(Boolean) : [text],
    );
    return { element, place, texts, values, words: texts.join(" ").toLowerCase() };
  });
  const state = { words: "", chosen: new Map(), sort: "", down: false };

  const make = (tag, options = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), options);
    element.append(...children);
    return element;
  };

  // Which rows match

  // The rows that match, and per filter how many there would be of each of its values:
  // a filter counts the rows that all others leave, and a row that two refuse is gone.
  const matching = (list) => {
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = [...state.chosen].filter(([, values]) => values.size);
    const counts = new Map(facets.map((at) => [at, new Map()]));
    const found = [];
    for (const row of list) {
      if (!words.every((word) => row.words.includes(word))) continue;
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

  const facetOf = (at) => {
    const list = make("div", { className: "finder-values" });
    const lines = new Map();
    order(at).forEach((value, place) => {
      const box = make("input", { type: "checkbox" });
      const number = make("span", { className: "n" });
      const bar = make("span", { className: "bar" });
      const line = make("label", {}, box, make("span", { className: "v" }, value), number, bar);
      line.hidden = place >= MOST && value !== MISSING;
      box.addEventListener("change", () => choose(at, value, box.checked));
      lines.set(value, { box, number, bar, line });
      list.append(line);
    });
    boxes.set(at, lines);
    const field = make("fieldset", {}, make("legend", {}, names[at]), list);
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

  const choose = (at, value, isOn) => {
    const values = state.chosen.get(at) || new Set();
    if (isOn) values.add(value);
    else values.delete(value);
    state.chosen.set(at, values);
    show();
  };

  // The table

  const numberOf = (text) => {
    const digits = text.replaceAll(",", "");
    return digits !== "" && !Number.isNaN(Number(digits)) ? Number(digits) : null;
  };

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
    table.tBodies[0].replaceChildren(...found.slice(0, n).map((row) => row.element));
    more.hidden = found.length <= n;
    more.textContent = `Show all ${found.length.toLocaleString("en")}`;
  };
  more.addEventListener("click", () => showRows(found.length));

  const show = ({ isNew = true } = {}) => {
    const { found: left, counts } = matching(sorted());
    found = left;
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
    status.textContent = `${found.length.toLocaleString("en")} of ${all} trials${told}`;
    showChips();
    if (isNew) history.replaceState(null, "", written() || location.pathname + location.search);
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
    chips.replaceChildren(...made);
  };

  // The address

  const written = () => {
    const parts = new URLSearchParams();
    if (state.words) parts.set("find", state.words);
    for (const [at, values] of state.chosen) {
      for (const value of values) parts.append(names[at], value);
    }
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
    search.value = state.words;
    return true;
  };

  // What can be taken along

  const selection = () => [names, ...found.map((row) => row.texts)];

  const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

  const csv = () => {
    const quoted = (text) => `"${safe(text).replaceAll('"', '""')}"`;
    const lines = selection().map((cells) => cells.map(quoted).join(","));
    return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" });
  };

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

  // A workbook: a zip, not compressed, of the five files that it needs.

  const xlsx = () => {
    const xml = (text) =>
      text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(
        /[&<>"]/g,
        (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign],
      );
    const cell = (text) => {
      const number = numberOf(text);
      if (number !== null) return `<c><v>${number}</v></c>`;
      return `<c t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
    };
    const lines = selection().map((cells) => `<row>${cells.map(cell).join("")}</row>`);
    const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const pack = "http://schemas.openxmlformats.org/package/2006/";
    const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    const relations = (kind, target) =>
      `<Relationships xmlns="${pack}relationships"><Relationship Id="rId1" Type="${office}/${kind}" Target="${target}"/></Relationships>`;
    return zip({
      "[Content_Types].xml": `<Types xmlns="${pack}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}sheet.main+xml"/><Override PartName="/xl/sheet.xml" ContentType="${type}worksheet+xml"/></Types>`,
      "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
      "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Trials" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": relations("worksheet", "sheet.xml"),
      "xl/sheet.xml": `<worksheet xmlns="${main}"><sheetData>${lines.join("")}</sheetData></worksheet>`,
    });
  };

  const zip = (files) => {
    const parts = [];
    const index = [];
    let at = 0;
    const put = (list, size, head) => {
      const view = new DataView(new ArrayBuffer(size));
      head.forEach(([place, bits, value]) =>
        bits === 32 ? view.setUint32(place, value, true) : view.setUint16(place, value, true),
      );
      list.push(view.buffer);
      return size;
    };
    for (const [name, text] of Object.entries(files)) {
      const title = new TextEncoder().encode(name);
      const data = new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
      const facts = [crc(data), data.length, data.length];
      const start = at;
      at += put(parts, 30, [
        [0, 32, 0x04034b50], [4, 16, 20], [6, 16, 0x800], [12, 16, 33],
        [14, 32, facts[0]], [18, 32, facts[1]], [22, 32, facts[2]], [26, 16, title.length],
      ]);
      parts.push(title, data);
      at += title.length + data.length;
      put(index, 46, [
        [0, 32, 0x02014b50], [4, 16, 20], [6, 16, 20], [8, 16, 0x800], [14, 16, 33],
        [16, 32, facts[0]], [20, 32, facts[1]], [24, 32, facts[2]], [28, 16, title.length],
        [42, 32, start],
      ]);
      index.push(title);
    }
    const size = index.reduce((total, piece) => total + piece.byteLength, 0);
    const n = Object.keys(files).length;
    put(index, 22, [
      [0, 32, 0x06054b50], [8, 16, n], [10, 16, n], [12, 32, size], [16, 32, at],
    ]);
    return new Blob([...parts, ...index], {
      type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    });
  };

  const crc = (bytes) => {
    let sum = ~0;
    for (const byte of bytes) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
  };

  // A row of a figure chooses what it counts. It is a short cut for the mouse: the
  // filters do the same for everybody, and a drawing holds no controls for a reader.
  const drawn = {
    "fig-routes": "Route",
    "fig-cell-sources": "Cell source",
    "fig-countries": "Country",
    "fig-statuses": "Status",
    "fig-conditions": "Condition",
    "fig-condition-by-route": "Condition",
  };
  const linkFigures = () => {
    for (const [id, name] of Object.entries(drawn)) {
      const at = names.indexOf(name);
      for (const text of document.querySelectorAll(`#${id} svg text`)) {
        const value = text.textContent.trim();
        if (!boxes.get(at)?.has(value)) continue;
        text.classList.add("finder-pick");
        text.addEventListener("click", () => {
          choose(at, value, true);
          frame.scrollIntoView();
        });
      }
    }
  };

  // The page

  const clear = make("button", { type: "button" }, "Clear");
  clear.addEventListener("click", () => {
    Object.assign(state, { words: "", chosen: new Map(), sort: "", down: false });
    search.value = "";
    show();
  });
  search.addEventListener("input", () => {
    state.words = search.value;
    show();
  });
  const side = make(
    "form",
    { className: "finder-filters" },
    make("label", { htmlFor: search.id }, "Search the list"),
    search,
    ...facets.map(facetOf),
  );
  side.addEventListener("submit", (event) => event.preventDefault());
  const bar = make(
    "div",
    { className: "finder-bar" },
    status,
    chips,
    clear,
    button("CSV", csv, "trials.csv"),
    button("XLSX", xlsx, "trials.xlsx"),
  );
  const box = table.closest(".table-box") || table;
  const frame = make("div", { className: "finder-whole" });
  box.before(frame);
  frame.append(side, make("div", { className: "finder-list" }, bar, box, more));
  linkFigures();
  const isGiven = read();
  show({ isNew: false });
  if (isGiven) frame.scrollIntoView();
  addEventListener("hashchange", () => read() && show({ isNew: false }));
})();
