// What is looked at in the page. Each function returns what is wrong, in words.

function called(e) {
  const text = e.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
  return "<" + e.tagName.toLowerCase() + (e.className ? " class=" + e.className : "") + "> " + text;
}

// Headings: one at the top, and none that leaves a level out.
function headings() {
  const out = [];
  let before = 0;
  const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  for (const h of all) {
    const level = +h.tagName[1];
    if (level > before + 1) out.push("level " + level + " follows level " + before + ": " + called(h));
    before = level;
  }
  const top = all.filter(h => h.tagName === "H1").length;
  if (top !== 1) out.push("there are " + top + " headings of the first level");
  return out;
}

// Ids: none twice, and every link within the page leads to one.
function ids() {
  const out = [], seen = new Set();
  for (const e of document.querySelectorAll("[id]")) {
    if (seen.has(e.id)) out.push(e.id + " stands twice");
    seen.add(e.id);
  }
  for (const a of document.querySelectorAll("a[href^='#']")) {
    const id = decodeURIComponent(a.getAttribute("href").slice(1));
    if (!seen.has(id)) out.push("nothing is called " + id + ", to which a link leads");
  }
  return out;
}

// Wide: what reaches beyond the window, unless it scrolls by itself.
function wide() {
  const width = document.documentElement.clientWidth, out = [];
  if (document.documentElement.scrollWidth > width) out.push("the page scrolls to " + document.documentElement.scrollWidth + " px");
  for (const e of document.querySelectorAll("body *")) {
    const box = e.getBoundingClientRect();
    if (box.width === 0 || box.right <= width + 0.5 && box.left >= -0.5) continue;
    let hidden = false;
    for (let p = e; p && !hidden; p = p.parentElement) {
      const style = getComputedStyle(p);
      hidden = p !== e && style.overflowX !== "visible" || p.classList.contains("sr") || p.classList.contains("skip");
    }
    if (!hidden) out.push(called(e) + " reaches from " + Math.round(box.left) + " to " + Math.round(box.right));
  }
  return out;
}

function colour(text) {
  const n = text.match(/[\d.]+/g).map(Number);
  return { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 };
}

function over(top, below) {
  const mix = (x, y) => x * top.a + y * (1 - top.a);
  return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
}

// ground is the colour behind an element; what is known of its parents is kept.
function ground(e, known) {
  if (!e) return { r: 255, g: 255, b: 255, a: 1 };
  if (!known.has(e)) {
    const own = colour(getComputedStyle(e).backgroundColor);
    known.set(e, own.a === 1 ? own : over(own, ground(e.parentElement, known)));
  }
  return known.get(e);
}

function light(c) {
  const part = x => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
}

// Contrast: every text against what stands behind it, as WCAG 2 counts.
function contrast() {
  const worst = new Map(), known = new Map();
  let texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || /^(script|style)$/i.test(e.tagName) || !e.checkVisibility({ visibilityProperty: true })) continue;
    texts++;
    const behind = ground(e, known), front = over(colour(getComputedStyle(e).color), behind);
    const [a, b] = [light(front), light(behind)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const key = getComputedStyle(e).color + " on rgb(" + [behind.r, behind.g, behind.b].map(Math.round) + ")";
    if (ratio < 4.5 && !worst.has(key)) worst.set(key, ratio.toFixed(2) + ": " + key + ", " + called(e));
  }
  if (texts < 500) worst.set("", "only " + texts + " texts can be seen");
  return [...worst.values()];
}

// Focus: the row on whose summary the focus is, and whether it can be seen.
function focus() {
  const e = document.activeElement;
  if (!e || e === document.body) return { Row: "", End: true };
  if (e.tagName !== "SUMMARY" || !e.parentElement.matches("details.row")) return { Row: "" };
  return {
    Row: e.parentElement.querySelector("[id]").id, Open: e.parentElement.open,
    Visible: getComputedStyle(e).outlineStyle !== "none" && getComputedStyle(e).outlineWidth !== "0px",
  };
}

// Shown: the row with an address is open, and its head can be seen.
function shown(id) {
  const at = document.getElementById(id), row = at && at.closest("details.row");
  if (!row) return [id + " is not in a row"];
  if (!row.open) return [id + " stays closed"];
  const box = row.querySelector("summary").getBoundingClientRect();
  if (box.top < -1 || box.top > innerHeight - 40) return [id + " is open, and its head is at " + Math.round(box.top) + " px"];
  return [];
}

// Filters: each box with a sign hides and shows the rows with it.
function filters() {
  const out = [];
  for (const service of [...document.querySelectorAll("article.service")].slice(0, 3)) {
    for (const box of service.querySelectorAll(".chip input")) {
      const of = box.className.slice(2);
      const rows = [...service.querySelectorAll(of === "blocker" ? "details.row:not(.blocker)" : "details.row." + of)];
      const seen = () => rows.filter(r => r.checkVisibility()).length;
      const before = seen();
      box.click();
      const between = seen();
      box.click();
      if (rows.length === 0 || before !== rows.length || between !== 0 || seen() !== rows.length)
        out.push(of + ": " + before + " of " + rows.length + " rows are shown, then " + between + ", then " + seen());
    }
  }
  return out;
}

// Printed: what stands in a row can be seen, though the row is closed.
function printed() {
  const out = [];
  for (const row of document.querySelectorAll("details.row:not([open])")) {
    const box = row.querySelector("[id]").getBoundingClientRect();
    if (box.height < 10) out.push("what stands in " + row.querySelector("[id]").id + " is not printed");
  }
  return out;
}

// Inert: no control stands there that does nothing.
function inert() {
  return [...document.querySelectorAll("button")].filter(b => b.checkVisibility()).map(b => called(b) + " does nothing without scripts");
}
