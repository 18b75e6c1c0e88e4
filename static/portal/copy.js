// Copying: a button with data-copy puts the text of the element with that id on the clipboard. Without this script,
// or where a browser has no clipboard to write to, the text is there to be selected.
(() => {
  "use strict";

  for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const copied = button.parentElement.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      copied.hidden = false;
    });
  }
})();
