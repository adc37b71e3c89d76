"use strict";
// The page is whole without this: it only narrows the map, and opens what a link leads to.
document.documentElement.classList.add("scripted");

const text = document.getElementById("filter");
const open = document.getElementById("open-only");
const shown = document.getElementById("shown");

function narrow() {
  const wanted = text.value.trim().toLowerCase();
  let count = 0;
  for (const group of document.querySelectorAll(".map tbody")) {
    let left = 0;
    for (const row of group.querySelectorAll("tr[data-file]")) {
      row.hidden = !row.dataset.file.toLowerCase().includes(wanted) || (open.checked && "done" in row.dataset);
      if (!row.hidden) left += 1;
    }
    group.hidden = left === 0 && group.querySelector("tr[data-file]") !== null;
    count += left;
  }
  shown.textContent = wanted || open.checked ? `${count} shown` : "";
}

function follow() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const file = target && target.closest("details");
  if (file && !file.open) {
    file.open = true;
    target.scrollIntoView();
  }
}

if (text && open) {
  text.addEventListener("input", narrow);
  open.addEventListener("change", narrow);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      text.value = "";
      narrow();
    }
  });
  document.getElementById("unfold").addEventListener("click", () => {
    const files = [...document.querySelectorAll("details.file")];
    const all = files.every((each) => each.open);
    for (const each of files) each.open = !all;
  });
  narrow();
}
addEventListener("hashchange", follow);
follow();
