// A browser slows the timers of a page that nobody looks at, but not those of a worker.
setInterval(() => postMessage(0), 1000);
