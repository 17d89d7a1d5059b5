// The start-of-shift test: some beeps, and the colour that stands for how many there were.
import { play } from "./sound.js";

const form = document.getElementById("sound-test");
const choices = form.querySelectorAll("button[name=pressed]");

document.getElementById("sound-play").addEventListener("click", () => {
  const number = 1 + (crypto.getRandomValues(new Uint8Array(1))[0] % 4);
  play(Array.from({ length: number }, (_, at) => [880, at * 0.6, 0.3]));
  document.getElementById("sound-played").value = String(number);
  for (const each of choices) each.disabled = false;
});
