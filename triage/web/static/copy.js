"use strict";
// One key copies the summary. Without this script the text can be selected and copied by hand.
const paste = document.getElementById("paste");
const copy = document.getElementById("copy");
const copied = document.getElementById("copied");

copy.hidden = false;
copy.focus();
copy.addEventListener("click", async () => {
  paste.focus();
  paste.select();
  // This way works at once, and also on a page that is not encrypted; the other may ask first.
  let done = document.execCommand("copy");
  if (!done && navigator.clipboard) {
    done = await navigator.clipboard.writeText(paste.value).then(() => true, () => false);
  }
  copied.textContent = done ? "Copied." : "Not copied: press Ctrl and C now.";
  copy.focus();
});
