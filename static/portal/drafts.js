// Keeps what is typed into a form, a moment after each change. Without it forms work all the same.
"use strict";

for (const form of document.querySelectorAll("form[data-keep]")) {
  const line = form.querySelector(".kept");
  let waiting;
  let sending;

  const tell = (words) => { line.textContent = words; };

  const keep = async () => {
    const typed = new FormData(form);
    for (const [name, value] of [...typed]) {
      if (value instanceof File) typed.delete(name);
    }
    sending = new AbortController();
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST", body: new URLSearchParams(typed), redirect: "manual", signal: sending.signal,
      });
      if (answer.ok) {
        const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
        tell(line.dataset.kept.replace("%time%", time));
      } else if (answer.status === 413) {
        tell(line.dataset.tooLarge);
      } else {
        tell(answer.type === "opaqueredirect" ? line.dataset.signedOut : line.dataset.failed);
      }
    } catch (error) {
      if (error.name !== "AbortError") tell(line.dataset.failed);
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1500);
  });
  // What is sent is not kept beside it.
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    if (sending) sending.abort();
  });
}
