"use strict";
// Only adds: whole entries behind old anchors, buttons to copy an address, search and filters.

const line = document.getElementById(location.hash.slice(1));
if (line?.matches(".lines > li")) location.replace(line.querySelector("a").href);

for (const link of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = link.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.textContent);
    button.textContent = link.dataset.copied;
  });
  link.after(" ", button);
}

const form = document.querySelector(".find");
if (form) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const fields = [...form.elements].filter((field) => field.name);
  const selects = fields.filter((field) => field.options);
  const names = new Map(selects.flatMap(({ options }) => [...options].map((each) => [each.value, each.text])));
  const rows = [...document.querySelectorAll("[data-f]")].map((element) => ({
    element,
    facets: ` ${element.dataset.f} `,
    groups: [element.closest(".day, .lines"), element.closest("section")],
  }));
  const groups = new Set(rows.flatMap((row) => row.groups));
  const status = form.querySelector("[role=status]");

  const textOf = (row) => {
    const kept = row.facets.trim().split(" ").map((number) => names.get(number) ?? "");
    return (row.text ??= fold([row.element.textContent, ...kept].join(" ")));
  };

  const show = () => {
    const words = fold(form.elements.q.value).split(/\s+/).filter(Boolean);
    const chosen = selects.filter((select) => select.value).map((select) => ` ${select.value} `);
    const alive = new Set();
    let count = 0;
    for (const row of rows) {
      const fits = chosen.every((number) => row.facets.includes(number));
      const found = fits && words.every((word) => textOf(row).includes(word));
      if (row.element.hidden === found) row.element.hidden = !found;
      if (!found) continue;
      count += 1;
      row.groups.forEach((group) => alive.add(group));
    }
    for (const group of groups) group.hidden = !alive.has(group);
    const { none, one, other } = form.dataset;
    const said = count === 0 ? none : (count === 1 ? one : other).replace("{n}", count.toLocaleString());
    const active = words.length + chosen.length > 0;
    status.textContent = active ? said : "";
    form.querySelector("[type=reset]").hidden = !active;
    for (const hint of form.querySelectorAll(".hint")) hint.hidden = !words.length;
  };

  const remember = () => {
    const query = new URLSearchParams();
    for (const field of fields) {
      if (field.value.trim()) query.set(field.name, field.options ? field.selectedOptions[0].text : field.value.trim());
    }
    try {
      history.replaceState(null, "", (query.size ? `?${query}` : location.pathname) + location.hash);
    } catch {
      // A page opened from a file may not change its address; it can be searched all the same.
    }
  };

  const query = new URLSearchParams(location.search);
  for (const field of fields) {
    const wanted = query.get(field.name) ?? "";
    if (field.options) field.value = [...field.options].find((each) => each.text === wanted)?.value ?? "";
    else field.value = wanted;
  }
  let waiting;
  const later = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { show(); remember(); }, delay);
  };
  form.addEventListener("input", (event) => later(event.target.options ? 0 : 150));
  form.addEventListener("reset", () => later(0));
  form.addEventListener("submit", (event) => { event.preventDefault(); later(0); });
  form.hidden = false;
  if (selects.some((select) => select.value)) form.querySelector("details").open = true;
  if (fields.some((field) => field.value)) show();
}
