// Tones made here: no file to load, and none to be missing when the server is gone.

let context = null;

export function ready() {
  // Made as soon as the page is: it runs at once if the last page was left by a key or a click, and
  // otherwise its state says that nothing can be heard yet.
  context ??= new AudioContext();
}

export function wake() {
  // Must be called once from a key or a click: browsers let no page sound before that.
  ready();
  if (context.state !== "running") context.resume();
}

export function canSound() {
  return context !== null && context.state === "running";
}

function tone(hertz, begin, seconds) {
  const source = new OscillatorNode(context, { type: "square", frequency: hertz });
  const volume = new GainNode(context, { gain: 0.6 });
  source.connect(volume).connect(context.destination);
  source.start(context.currentTime + begin);
  source.stop(context.currentTime + begin + seconds);
}

export function play(pattern) {
  // Each tone is [hertz, when it begins, how long it lasts], in seconds. Before the first key or
  // click nothing can be heard, and the page says so.
  if (!canSound() && navigator.userActivation?.hasBeenActive === false) return;
  wake();
  for (const [hertz, begin, seconds] of pattern) tone(hertz, begin, seconds);
}
