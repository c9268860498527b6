// Leaves the page at once: by the button in the header, replacing this page in the tab, or by pressing Shift three times.
const exit = document.querySelector("[data-exit]");
const status = document.querySelector("[data-exit-status]");
let presses = 0;
let timer = 0;

function leave() {
  document.body.hidden = true;
  window.location.replace(exit.href);
}

function forget() {
  presses = 0;
  status.textContent = "";
}

if (exit && status) {
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let shiftAlone = false;
  document.addEventListener("keydown", (event) => {
    shiftAlone = event.key === "Shift" && !event.repeat;
    if (event.key !== "Shift") forget(); // Shift was held for a capital letter
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !shiftAlone) return;
    shiftAlone = false;
    presses += 1;
    clearTimeout(timer);
    if (presses === 3) leave();
    else {
      status.textContent = presses === 1 ? status.dataset.twoMore : status.dataset.oneMore;
      timer = setTimeout(forget, 5000);
    }
  });
}
