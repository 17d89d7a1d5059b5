"use strict";
// One key copies the summary. Without this script the text can be selected and copied by hand.
const paste = document.getElementById("paste");
const copy = document.getElementById("copy");
const copied = document.getElementById("copied");

copy.hidden = false;
copy.focus();
copy.addEventListener("click", async () => {
  paste.select();
  let done = false;
  try {
    await navigator.clipboard.writeText(paste.value);
    done = true;
  } catch {
    done = document.execCommand("copy"); // a page that is not encrypted has no clipboard of its own
  }
  copied.textContent = done ? "Copied." : "Not copied: press Ctrl and C now.";
});
