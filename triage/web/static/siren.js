// Proof of life. Every five seconds this page asks whether the service lives, and believes only a
// fresh, signed answer. Thirty seconds after the last sign of life of the timers it sounds by
// itself: the absence of an answer is the alarm, so a dead server or a cut cable rings it too.
import { canSound, play, ready, wake } from "./sound.js";

const ASK_EVERY = 5_000;
const GIVE_UP = 4_000;
const DEAD_AFTER = 30_000;
const HUSH = 120_000;
const CHIME_EVERY = 60_000;
const LONDON = { timeZone: "Europe/London", timeZoneName: "short" }; // wherever this machine is set to
const DEAD = [[660, 0, 0.35], [440, 0.4, 0.35]];
const SIREN = [[880, 0, 0.2], [1175, 0.25, 0.2], [880, 0.5, 0.2], [1175, 0.75, 0.2]];
const CHIME = [[660, 0, 0.25], [880, 0.3, 0.4]];

const here = document.getElementById("siren");
const part = (name) => document.getElementById(`siren-${name}`);
const state = { ring: "", signedIn: true, asking: false, askedAt: -ASK_EVERY, hushedAt: null,
  soundedAt: { dead: -Infinity, siren: -Infinity, chime: -Infinity } };
const lived = { wall: 0, steady: 0 };

function sawLife(wall, steady, ageSeconds) {
  // The timers lived so long ago, however young the answer is that says so.
  lived.wall = Math.max(lived.wall, wall - ageSeconds * 1000);
  lived.steady = Math.max(lived.steady, steady - ageSeconds * 1000);
}

function silence() {
  // Two clocks: one stands still while a machine sleeps, the other can be set. The longer counts.
  return Math.max(Date.now() - lived.wall, performance.now() - lived.steady);
}

const hex = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const key = crypto.subtle?.importKey("raw", bytes(here.dataset.key),
  { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);

async function isOurs(answer, nonce) {
  const { mac, ...told } = answer;
  if (told.nonce !== nonce || typeof mac !== "string") return false;
  const said = Object.keys(told).sort().map((name) => `${name}=${told[name]}`).join("\n");
  return crypto.subtle.verify("HMAC", await key, bytes(mac), new TextEncoder().encode(said));
}

async function ask() {
  state.asking = true;
  here.dataset.asking = "yes";
  state.askedAt = performance.now();
  const [wall, steady] = [Date.now(), performance.now()];
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), GIVE_UP);
  try {
    const reply = await fetch(`${here.dataset.url}?nonce=${nonce}`,
      { cache: "no-store", redirect: "error", signal: patience.signal });
    if (reply.status !== 200) return;
    const answer = await reply.json();
    if (!(await isOurs(answer, nonce))) return;
    if (answer.beat_age !== "") sawLife(wall, steady, Number(answer.beat_age));
    state.ring = answer.ring;
    state.signedIn = answer.signed_in === "yes";
    if (answer.newest) dispatchEvent(new CustomEvent("newest", { detail: answer.newest }));
    here.dataset.good = String(Number(here.dataset.good ?? 0) + 1);
  } catch {
    // No answer, an old one, or somebody else's: the silence is measured, and speaks for itself.
  } finally {
    clearTimeout(timer);
    state.asking = false;
    here.dataset.asking = "no";
    look();
  }
}

function sound(name, pattern, every) {
  if (performance.now() - state.soundedAt[name] < every) return;
  state.soundedAt[name] = performance.now();
  play(pattern);
  here.dataset.sounded = name;
}

function show(name, visible) {
  if (part(name).hidden === visible) part(name).hidden = !visible;
}

function look() {
  const dead = silence() >= DEAD_AFTER;
  const hushed = state.hushedAt !== null && performance.now() - state.hushedAt < HUSH;
  const ring = dead ? "" : state.ring;
  here.dataset.state = dead ? "dead" : ring || "quiet";
  if (dead) part("last").textContent = new Date(lived.wall).toLocaleTimeString("en-GB", LONDON);
  show("dead", dead);
  show("ring", ring === "siren");
  show("out", !state.signedIn);
  show("mute", !canSound());
  if (dead && !hushed) sound("dead", DEAD, 1_000);
  if (ring === "siren") sound("siren", SIREN, 1_500);
  if (ring === "chime") sound("chime", CHIME, CHIME_EVERY);
}

function turn() {
  if (!state.asking && performance.now() - state.askedAt >= ASK_EVERY) ask();
  look();
}

sawLife(Date.now(), performance.now(), Number(here.dataset.age ?? 0));
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, wake);
part("hush").addEventListener("click", () => { state.hushedAt = performance.now(); });
// On a small screen the list below must stay in sight: what to do unfolds at a press there.
part("more").open = matchMedia("(min-width: 46rem)").matches;
ready();
setInterval(turn, 1_000);
new Worker(here.dataset.worker).addEventListener("message", turn);
navigator.wakeLock?.request("screen").catch(() => {}); // a screen that sleeps shows nothing
turn();
