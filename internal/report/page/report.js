"use strict";
// Opens the row that a link leads to, in browsers that do not do so by themselves,
// and shows its head. Everything can be read without this.
function reveal() {
  const row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details.row");
  if (row) { row.open = true; row.scrollIntoView(); }
}
addEventListener("hashchange", reveal);
addEventListener("load", reveal);
for (const box of document.querySelectorAll(".buttons")) {
  box.hidden = false;
  box.addEventListener("click", (e) => {
    const open = e.target.dataset.open;
    if (open === undefined) return;
    for (const row of box.closest(".service").querySelectorAll("details.row")) {
      if (open === "0" || row.checkVisibility()) row.open = open === "1";
    }
  });
}
