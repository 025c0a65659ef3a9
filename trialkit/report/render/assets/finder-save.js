// The rows of a table as files: CSV, or a workbook.
"use strict";

const finderSave = (() => {
  const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

  const csv = (rows) => {
    const quoted = (text) => `"${safe(text).replaceAll('"', '""')}"`;
    const lines = rows.map((cells) => cells.map(quoted).join(","));
    return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" });
  };

  const numberOf = (text) => {
    const digits = text.replaceAll(",", "");
    return digits !== "" && !Number.isNaN(Number(digits)) ? Number(digits) : null;
  };

  // A workbook: a zip, not compressed, of the five files that it needs.

  const xlsx = (rows) => {
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
    const lines = rows.map((cells) => `<row>${cells.map(cell).join("")}</row>`);
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

  return { csv, xlsx, numberOf };
})();
