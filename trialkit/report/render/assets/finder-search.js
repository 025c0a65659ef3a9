// The search language of trialkit (`query=` of `select`) over the texts of a row.
//
// A port of tidy/select: query.py, search.py and word_forms.py. The forms of words and
// the synonyms that occur in the list come with the page; tests compare the results.
"use strict";

const finderSearch = (({ terms, forms }) => {
  // What follows an abbreviation in the name of a product: "CKD-314", no year.
  const NUMBERED = /^ (?!(?:19|20)\d\d(?![\p{L}\p{N}_]))\d{2}/u;
  const EDGES = /^[.,;:!? ]+|[.,;:!? ]+$/g;
  const MOST_FORMS = 64;
  const INVERTED_UP_TO = 150;
  const PREFIXES = new RegExp(forms.prefixes);
  const OWN = 0, SAME = 1, NARROWER = 2, NOT = 3;

  // Words as they are compared

  const signs = new Set(forms.signs);
  const letters = (text) => [...text].map((one) => forms.letters[one] ?? one).join("");

  const kept = (one) => {
    if (/[\p{L}\p{N}\p{M}\x00-\x7f]/u.test(one)) return one;
    return /\p{Cf}/u.test(one) ? "" : " ";
  };

  const plain = (run) => {
    let text = letters(letters(run).normalize("NFKC")).normalize("NFD");
    text = text.replace(/[\u0300-\u036f]/g, "").normalize("NFC");
    return [...(forms.greek[text.toLowerCase()] ?? text)].map(kept).join("");
  };

  const fold = (text) => {
    const bare = text
      .replace(/[^\x00-\x7f]+/g, plain)
      .replace(/(?<=[\p{L}\p{N}_])'[sS](?![\p{L}\p{N}_])/gu, "");
    const parted = [...bare].map((one) => (signs.has(one) ? " " : one)).join("");
    const cased = parted.split(/[\s\x1c-\x1f]+/).filter(Boolean).join(" ");
    return { cased, lower: cased.toLowerCase() };
  };

  const inverted = (name) => name.split(",").map((part) => part.trim()).reverse().join(" ");

  // The texts of a row in one: no spelling goes across a line.
  const foldAll = (texts) => {
    const folded = texts.map((text) =>
      fold(
        text.includes(",") && text.length <= INVERTED_UP_TO
          ? `${text} ; ${inverted(text)}`
          : text,
      ),
    );
    const joined = (part) => folded.map((one) => one[part]).join("\n");
    return { cased: joined("cased"), lower: joined("lower") };
  };

  const makesWords = (one) => {
    if (!one || !/[\p{L}\p{N}]/u.test(one)) return false;
    const code = one.charCodeAt(0);
    return !forms.unspaced.some(([first, last]) => first <= code && code <= last);
  };

  function* singular(word) {
    if (word.length < 4) return;
    if (word.endsWith("ies")) yield `${word.slice(0, -3)}y`;
    else if (/(?:ses|xes|zes|ches|shes)$/.test(word)) {
      yield word.slice(0, -1);
      yield word.slice(0, -2);
      if (word.endsWith("ses")) yield `${word.slice(0, -2)}is`;
    } else if (word.endsWith("s") && !/(?:ss|us|is)$/.test(word)) yield word.slice(0, -1);
  }

  const plural = (word) => {
    if (word.endsWith("sis")) return `${word.slice(0, -2)}es`;
    if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
    if (/(?:s|x|z|ch|sh)$/.test(word)) return word.endsWith("es") ? word : `${word}es`;
    return `${word}s`;
  };

  function* related(word) {
    if (word.length < 6) return;
    for (const pair of forms.adjectives) {
      for (const [old, other] of [pair, [...pair].reverse()]) {
        if (word.endsWith(old)) yield word.slice(0, -old.length) + other;
      }
    }
  }

  function* swapped(word) {
    for (const [american, british] of forms.spellings) {
      if (word.includes(british)) yield word.replaceAll(british, american);
      else if (word.includes(american)) yield word.replaceAll(american, british);
    }
  }

  const wordForms = (word) => {
    if (!/^[a-z]{3,}$/.test(word)) return [word];
    const found = new Set();
    for (const one of [word, ...swapped(word)]) {
      const base = [one, ...singular(one)];
      for (const other of [...base, ...base.flatMap((two) => [...related(two)])]) {
        found.add(other).add(plural(other));
      }
    }
    for (const one of [...found]) found.add(one.replace(PREFIXES, "$1 "));
    return [...found];
  };

  // Synonyms

  const keyOf = (words) => {
    const own = fold(words).lower;
    const at = own.lastIndexOf(" ") + 1;
    const others = [...singular(own.slice(at))].map((one) => own.slice(0, at) + one);
    return [own, ...others].find((one) => Object.hasOwn(terms, one)) ?? own;
  };
  const listed = (words, kind) => terms[keyOf(words)]?.[kind - 1] ?? [];
  const isKnown = (words) => Object.hasOwn(terms, keyOf(words));
  const longest = Math.max(1, ...Object.keys(terms).map((term) => term.split(" ").length));

  // Spellings of a term

  const isAmbiguous = (word) =>
    word === "AIDS" ||
    (word.length === 2 || (word.length === 3 && /[AEIOUY]/i.test(word))) &&
    (word.match(/\p{Lu}/gu) ?? []).length > 1;

  const exactIn = (cased) =>
    [...cased.matchAll(/\S+/g)]
      .filter(([word]) => isAmbiguous(word))
      .map((found) => [found.index, found[0]]);

  const trimmed = (text) => {
    const { cased, lower } = fold(text);
    return { cased: cased.replace(EDGES, ""), lower: lower.replace(EDGES, "") };
  };

  const product = (choices) =>
    choices.reduce((all, list) => all.flatMap((one) => list.map((two) => [...one, two])), [[]]);

  function* formsOf(term) {
    const own = trimmed(term);
    const exact = exactIn(own.cased);
    if (exact.length) {
      yield { words: own.lower, exact };
      const [at, last] = exact.at(-1);
      if (at + last.length === own.cased.length) {
        yield { words: `${own.lower}s`, exact: [...exact.slice(0, -1), [at, `${last}s`]] };
      }
      return;
    }
    const words = own.lower.split(" ").filter(Boolean);
    let choices = words.map(wordForms);
    if (choices.reduce((n, list) => n * list.length, 1) > MOST_FORMS) {
      choices = [...words.slice(0, -1).map((word) => [word]), ...choices.slice(-1)];
    }
    for (const chosen of product(choices)) yield { words: chosen.join(" "), exact: [] };
    if (words.length > 1 && !term.includes(" ")) yield { words: words.join(""), exact: [] };
  }

  function* byWord(term) {
    const words = term.split(/\s+/);
    for (const at of words.length > 1 ? words.keys() : []) {
      for (const other of listed(words[at], SAME)) {
        if (other.includes(" ") || exactIn(trimmed(other).cased).length) continue;
        yield words.with(at, other).join(" ");
      }
    }
  }

  function* spellings({ text, isOpen }) {
    const own = trimmed(text);
    if (isOpen) {
      yield { words: own.lower, exact: exactIn(own.cased), kind: OWN, isOpen };
      return;
    }
    for (const one of formsOf(text)) yield { ...one, kind: OWN };
    const same = [...listed(text, SAME), ...byWord(text)];
    for (const [kind, others] of [[SAME, same], [NARROWER, listed(text, NARROWER)]]) {
      for (const other of others) for (const one of formsOf(other)) yield { ...one, kind };
    }
    for (const other of listed(text, NOT)) {
      const words = trimmed(other).lower;
      for (const one of [words, `${words}s`]) yield { words: one, exact: [], kind: NOT };
    }
  }

  const standsAlone = ({ cased, lower }, start, { words, exact, kind, isOpen }) => {
    const end = start + words.length;
    if (start && makesWords(lower[start]) && makesWords(lower[start - 1])) return false;
    const goesOn = makesWords(lower[end]) && makesWords(lower[end - 1]);
    if (goesOn && !isOpen) return false;
    const isShort = (kind === SAME || kind === NARROWER) && words.length <= 4;
    if (isShort && NUMBERED.test(lower.slice(end, end + 6))) return false;
    return exact.every(([at, word]) => cased.startsWith(word, start + at));
  };

  const isIn = (spellings, folded) => {
    const hits = [];
    const unlike = new Set();
    for (const spelling of spellings) {
      let at = folded.lower.indexOf(spelling.words);
      for (; at >= 0; at = folded.lower.indexOf(spelling.words, at + 1)) {
        if (!standsAlone(folded, at, spelling)) continue;
        if (!spellings.hasUnlike) return true;
        const last = at + spelling.words.length - 1;
        if (spelling.kind !== NOT) hits.push([at, last]);
        else for (let place = at; place <= last; place++) unlike.add(place);
      }
    }
    return hits.some(([first, last]) => !(unlike.has(first) && unlike.has(last)));
  };

  // The language: words, phrases, AND, OR, NOT and brackets

  const termOf = (token) => {
    const isQuoted = token.startsWith('"');
    const text = token.replace(/^"+|"+$/g, "").trim();
    if (!isQuoted && /^[-−–][\p{L}\p{N}]/u.test(text)) {
      throw new Error(`write NOT ${text.slice(1)} to leave it out`);
    }
    const words = text.replace(/\*+$/, "");
    const isOpen = words !== text;
    if (words.includes("*") || (isOpen && /\s$/.test(words))) {
      throw new Error("a * stands at the end of a word only");
    }
    if (!trimmed(words).lower) {
      if (isQuoted || isOpen) throw new Error("no word to search for");
      return null;
    }
    return { text: words, isOpen, isQuoted };
  };

  const textOf = (words) => words.map((word) => word.text).join(" ");

  const isTerm = (words, text = textOf(words)) =>
    !words.some((word) => word.isOpen || word.isQuoted) && isKnown(text);

  function* together(words) {
    const ordered = inverted(textOf(words));
    let left = isTerm(words, ordered) ? [{ text: ordered }] : words;
    while (left.length) {
      let n = Math.min(longest, left.length);
      while (n > 1 && !isTerm(left.slice(0, n))) n -= 1;
      yield n > 1 ? { text: textOf(left.slice(0, n)) } : left[0];
      left = left.slice(n);
    }
  }

  // The search in `text`; what `all` texts together do not hold is not looked for.
  const parse = (text, all) => {
    const even = text.replace(/[“”„‟«»＂「」]/g, '"').replaceAll("（", "(").replaceAll("）", ")");
    if ((even.match(/"/g) ?? []).length % 2) throw new Error("this quotation mark is never closed");
    const tokens = even.match(/"[^"]*"|[()]|[^\s()"]+/g) ?? [];
    const is = (sign) => tokens[0]?.toUpperCase() === sign;
    const isWord = () => tokens.length && !["AND", "OR", "NOT", "(", ")"].some(is);
    const joined = (parts, isAll) =>
      parts.length === 1 ? parts[0] : { holds: (row) => (isAll ? parts.every((p) => p.holds(row)) : parts.some((p) => p.holds(row))) };

    const either = () => {
      const parts = [both()];
      while (is("OR")) parts.push((tokens.shift(), both()));
      return joined(parts, false);
    };
    const both = () => {
      const parts = [item()];
      while (is("AND") || is("NOT") || is("(") || isWord()) {
        if (is("AND")) tokens.shift();
        parts.push(item());
      }
      return joined(parts, true);
    };
    const item = () => {
      if (is("NOT")) {
        tokens.shift();
        const part = item();
        return { holds: (row) => !part.holds(row) };
      }
      if (is("(")) {
        tokens.shift();
        const part = either();
        if (!is(")")) throw new Error("this bracket is never closed");
        tokens.shift();
        return part;
      }
      if (!isWord()) throw new Error(tokens.length ? `words must stand before ${tokens[0]}` : "words must follow");
      const words = [];
      while (isWord()) words.push(tokens.shift());
      const own = words.map(termOf).filter(Boolean);
      if (!own.length) throw new Error("no word to search for");
      return joined([...together(own)].map(leaf), true);
    };
    const leaf = (term) => {
      const own = [...spellings(term)].filter(({ words }) => words && all.includes(words));
      own.hasUnlike = own.some(({ kind }) => kind === NOT);
      return { holds: (row) => isIn(own, row) };
    };
    const tree = either();
    if (tokens.length) throw new Error("this bracket was never opened");
    return tree;
  };

  return { parse, foldAll };
})(JSON.parse(document.getElementById("finder-terms").textContent));
