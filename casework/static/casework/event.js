// Whether it came by post is asked where that makes a difference. The page works without this file.
(() => {
  "use strict";
  const kind = document.querySelector("select[data-mailed]");
  const answer = document.querySelector('[name="by_mail"]');
  if (!kind || !answer) return;
  const mailed = kind.dataset.mailed.split(" ");
  const group = answer.closest(".usa-form-group");
  const show = () => {
    group.hidden = !mailed.includes(kind.value);
  };
  kind.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
})();
