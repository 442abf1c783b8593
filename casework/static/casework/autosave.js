// Says when an answer could not be saved, and tries again. Without it, the button saves.
(() => {
  "use strict";
  const status = document.getElementById("saved");
  const waiting = new Set();
  const say = (text) => {
    status.textContent = text;
    status.classList.add("cw-saved--not");
  };
  const failed = (event) => {
    const field = event.target.closest?.("[data-autosave]");
    if (field) waiting.add(field);
    say(status.dataset.offline);
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401 || event.detail.xhr.status === 403) say(status.dataset.loggedOut);
    else failed(event);
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    status.classList.remove("cw-saved--not");
    waiting.delete(event.target.closest?.("[data-autosave]"));
  });
  const again = () => waiting.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
  window.addEventListener("online", again);
  setInterval(again, 15000);
  // Choosing why there is no answer, and typing one, exclude each other.
  document.addEventListener("input", (event) => {
    const typed = event.target;
    if (!typed.name?.startsWith("v.") || !typed.value) return;
    const answered = document.getElementById("k-" + typed.name.slice(2));
    if (answered) answered.checked = true;
  });
})();
