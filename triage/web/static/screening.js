"use strict";
// Sends with each answer how long ago it was given, so that answers typed faster than anybody can
// ask are seen. Without this script no answer has a time of its own, and none is doubted.
const form = document.getElementById("screening");
const given = new Map();

form.addEventListener("change", (event) => {
  const name = event.target.name || "";
  if (name.startsWith("a.")) given.set(name.slice(2), performance.now());
});
form.addEventListener("submit", () => {
  for (const [question, at] of given) {
    const name = `ago.${question}`;
    const field = form.elements.namedItem(name) || document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = String(Math.round(performance.now() - at));
    form.append(field);
  }
});
