// Small helps in forms: the error summary takes the focus, a button pressed twice sends once, choices fold in what belongs
// to them, a text says how much room is left, a password can be looked at. Without this script every form works as it is.
const words = document.querySelector("[data-script-words]")?.dataset ?? {};

function focusProblems(root) {
  const summary = root.querySelector(".govuk-error-summary");
  if (!summary) return;
  summary.tabIndex = -1;
  summary.focus();
}

// The browser keeps "submitted" when somebody comes back by the back button, so it is taken off when the page is shown.
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
}

// What belongs to a choice shows only while it is chosen.
function foldChoices(root) {
  const inputs = [...root.querySelectorAll("input[data-aria-controls]")];
  for (const input of inputs) {
    input.setAttribute("aria-controls", input.dataset.ariaControls);
    delete input.dataset.ariaControls;
  }
  const update = () => {
    for (const input of document.querySelectorAll("input[aria-controls^='conditional-']")) {
      const kind = input.type === "radio" ? "radios" : "checkboxes";
      document
        .getElementById(input.getAttribute("aria-controls"))
        ?.classList.toggle(`govuk-${kind}__conditional--hidden`, !input.checked);
      if (kind === "checkboxes") input.setAttribute("aria-expanded", String(input.checked));
    }
  };
  update();
  if (inputs.length > 0) document.addEventListener("change", update);
}

function countRoom(group) {
  const field = group.querySelector("textarea, input");
  const message = group.querySelector(".govuk-character-count__message");
  const max = Number(group.dataset.maxlength);
  if (!field || !message || !max) return;
  const spoken = document.createElement("div");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  message.after(spoken);
  message.setAttribute("aria-hidden", "true");
  let timer = 0;
  const update = () => {
    const left = max - field.value.length;
    message.textContent = (left < 0 ? words.countOver : words.countLeft).replace("%n", String(Math.abs(left)));
    message.classList.toggle("govuk-error-message", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = message.textContent), 1000);
  };
  field.addEventListener("input", update);
  update();
}

function showPassword(group) {
  const field = group.querySelector("input");
  const button = group.querySelector(".govuk-js-password-input-toggle");
  if (!field || !button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = shown ? words.hide : words.show;
    button.setAttribute("aria-label", shown ? words.hideLabel : words.showLabel);
  });
  field.form?.addEventListener("submit", () => (field.type = "password"));
}

function enhance(root) {
  foldChoices(root);
  for (const group of root.querySelectorAll("[data-module='govuk-character-count']")) countRoom(group);
  for (const group of root.querySelectorAll("[data-module='govuk-password-input']")) showPassword(group);
  for (const form of root.querySelectorAll("form[method='post']:not([data-enhance='upload'])")) sendOnce(form);
  focusProblems(root);
}

document.body.classList.add("govuk-frontend-supported");
enhance(document);
// A form sent by script puts its answer into the page; see enhance-upload.js.
document.addEventListener("dw:replaced", (event) => enhance(event.target));
