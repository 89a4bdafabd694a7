"use strict";
// Opens the row that a link leads to. Everything can be read without this.
function reveal() {
  const at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (at && at.tagName === "DETAILS") { at.open = true; at.scrollIntoView(); }
}
addEventListener("hashchange", reveal);
reveal();
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
