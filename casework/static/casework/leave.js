// Leaving in a hurry, and a word before the session ends. Every page works without this file.
(() => {
  "use strict";
  const body = document.body;
  const leave = () => {
    body.hidden = true;
    location.replace(body.dataset.leave);
  };
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    pressed = [...pressed, now].filter((at) => now - at < 2000);
    if (pressed.length >= 3) leave();
  });
  document.querySelectorAll(".cw-leave").forEach((form) =>
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave();
    }),
  );
  // A page kept by the browser for its back button must not show what was on it.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  document.getElementById("problems")?.focus();

  const idle = Number(body.dataset.idle) * 1000;
  const banner = document.getElementById("idle");
  if (!idle || !banner) return;
  let timers = [];
  const wait = () => {
    timers.forEach(clearTimeout);
    banner.hidden = true;
    timers = [
      setTimeout(() => { banner.hidden = false; }, Math.max(idle - 120000, idle / 2)),
      setTimeout(leave, idle),
    ];
  };
  banner.querySelector("[data-stay]").addEventListener("click", (event) => {
    fetch(event.currentTarget.dataset.stay, { credentials: "same-origin" }).then(
      (answer) => (answer.ok && !answer.redirected ? wait() : leave()),
    );
  });
  document.addEventListener("htmx:afterOnLoad", wait);
  wait();
})();
