"use strict";
// Sends with each answer how long ago it was given, so that answers typed faster than anybody can
// ask are seen. Without this script no answer has a time of its own, and none is doubted.
// Says as well who typed into the same screening since the page was shown. It moves nothing.
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

const LOOK_EVERY = 5_000;
const since = document.getElementById("since");

async function look() {
  if (document.hidden) return;
  const known = `"${form.elements.made_on.value}"`;
  try {
    const reply = await fetch(location.pathname, { cache: "no-store", redirect: "error",
      headers: { Renewing: "yes", "If-None-Match": known } });
    const plain = (reply.headers.get("Content-Type") || "").startsWith("text/plain");
    if (reply.status !== 200 || !plain) return;
    const told = await reply.text();
    if (!told || told === since.textContent) return;
    since.textContent = told;
    since.hidden = false;
  } catch {
    // Nobody answers: the next look tries again, and the siren says so.
  }
}
setInterval(look, LOOK_EVERY);
