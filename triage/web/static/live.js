// A list renews itself when something of its suites is new on the record. The siren's own question says so, so
// nothing more is asked of the server while nothing changes. What somebody types, where the focus
// is, what is unfolded and where the page stands all stay.
const AT_LEAST_EVERY = 120_000; // "due in 3 min" must not grow old
const JUST_MOVED = 600;
const MOST_OF_THE_TIME = 10; // a list that takes a second to make is asked for every ten at most

const main = document.getElementById("main");
const said = document.getElementById("live-said");
const waits = document.getElementById("live-waits");
const state = { newest: main.dataset.live, renewedAt: performance.now(), movedAt: -JUST_MOVED,
  busy: false, took: 0, askedAt: 0 };

const words = (node) => node.textContent.replace(/\s+/g, " ").trim();
const clock = / ?\(?\b\d\d:\d\d \w{3,4}\b\)?| \(\d+ h \d\d min\)| \(\d+ min\)/g;
const CONTROLS = "a[href], button, summary, input:not([type=hidden]), textarea, select";

function mark(node) {
  // What a control is, so that it can be found again in the new list.
  const form = node.form ?? (node.tagName === "SUMMARY" ? node.parentElement.querySelector("form") : null);
  const hidden = [...(form?.querySelectorAll("input[type=hidden]") ?? [])]
    .filter((each) => each.name !== "csrf").map((each) => `${each.name}=${each.value}`);
  return [node.tagName, node.id, node.getAttribute("href"), node.name, node.type,
    form?.getAttribute("action"), ...hidden,
    node.form || node.href ? "" : words(node)].join("|");
}

function typedIn(node) {
  if (node.type === "checkbox" || node.type === "radio") return node.checked !== node.defaultChecked;
  if (node.tagName === "SELECT") return [...node.options].some((o) => o.selected !== o.defaultSelected);
  return node.value !== node.defaultValue;
}

function beingFilledIn() {
  const fields = main.querySelectorAll("input:not([type=hidden]), textarea, select");
  return [...fields].some((each) => each === document.activeElement || typedIn(each));
}

function lines(of) {
  return [...of.querySelectorAll("article, .card, tbody tr")].map((each) => words(each));
}

function put(fresh) {
  const active = main.contains(document.activeElement) && document.activeElement !== main
    ? document.activeElement : null;
  const was = active && { mark: mark(active), top: active.getBoundingClientRect().top };
  const unfolded = new Set([...main.querySelectorAll("details[open] > summary")].map(mark));
  main.replaceChildren(...[...fresh.childNodes].map((each) => document.adoptNode(each)));
  for (const each of main.querySelectorAll("summary")) {
    if (unfolded.has(mark(each))) each.parentElement.open = true;
  }
  if (!was) return;
  const again = [...main.querySelectorAll(CONTROLS)].find((each) => mark(each) === was.mark);
  (again ?? main).focus({ preventScroll: true });
  if (again) scrollBy(0, again.getBoundingClientRect().top - was.top);
}

async function renew({ anyway = false } = {}) {
  if (state.busy) return;
  state.busy = true;
  const began = performance.now();
  try {
    const reply = await fetch(location.href,
      { cache: "no-store", redirect: "error", headers: { Renewing: "yes" } });
    if (reply.status !== 200) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html")
      .getElementById("main");
    if (fresh?.dataset.live === undefined) return;
    const before = new Set(lines(main).map((each) => each.replace(clock, "")));
    const added = lines(fresh).filter((each) => !before.has(each.replace(clock, "")));
    if (beingFilledIn() && !anyway) {
      if (added.length && waits.hidden) {
        waits.hidden = false;
        said.textContent = "There is something new in this list. What you type is kept.";
      }
      return;
    }
    put(fresh);
    state.newest = fresh.dataset.live; // as it stood before the list was read: never too new
    state.renewedAt = performance.now();
    if (added.length) state.movedAt = state.renewedAt;
    waits.hidden = true;
    const lead = words(main.querySelector(".lead") ?? main).replace(/ Refresh$/, "");
    if (added.length) said.textContent = `${lead} ${added.length} new or changed.`;
  } catch {
    // The siren says when there is no answer; the list that stands here keeps its time.
  } finally {
    state.busy = false;
    state.took = performance.now() - began;
    state.askedAt = performance.now();
  }
}

function tooSoon() {
  // Where every suite's news is news for this list, a busy night must not have the server make it
  // again at each sign of life: a page takes at most a tenth of the time of one thread.
  return performance.now() - state.askedAt < state.took * MOST_OF_THE_TIME;
}

addEventListener("newest", ({ detail }) => {
  const old = performance.now() - state.renewedAt >= AT_LEAST_EVERY;
  if ((detail !== state.newest && !tooSoon()) || old) renew();
});
document.getElementById("live-show").addEventListener("click",
  () => renew({ anyway: true }));
// A list that moved under a hand already on its way is not what that hand meant.
main.addEventListener("click", (press) => {
  if (press.detail > 0 && performance.now() - state.movedAt < JUST_MOVED) {
    press.preventDefault();
    press.stopPropagation();
  }
}, { capture: true });
