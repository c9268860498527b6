// Counts the characters of a text while it is written, exactly as the server counts them when it is saved: see lengthOf in
// src/complaints/narrative.ts. Without this script the count of the last saving stands there.

/** Characters as people and offices count them: one for each sign, space and line end; space around the text is not kept. */
export function lengthOf(text) {
  return [...text.replaceAll("\r\n", "\n").replaceAll("\0", "").trim()].length;
}

function countLive(message) {
  const field = document.getElementById(message.dataset.countOf);
  if (!field) return;
  const longest = Number(message.dataset.longest);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const spoken = document.createElement("p");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  message.after(spoken);
  // What changes with every key is for the eye; it is said aloud after a pause.
  message.removeAttribute("role");
  let timer = 0;
  const update = () => {
    const length = lengthOf(field.value);
    const over = longest > 0 && length > longest;
    message.textContent = (over ? message.dataset.over : message.dataset.fits)
      .replace("%n", number.format(length))
      .replace("%left", number.format(Math.abs(longest - length)));
    message.classList.toggle("dw-late", over);
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = message.textContent), 1000);
  };
  field.addEventListener("input", update);
  // A browser that comes back to the page puts what was typed there again, without telling.
  window.addEventListener("pageshow", update);
}

for (const message of document.querySelectorAll("[data-count-of]")) countLive(message);
