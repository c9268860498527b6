// Long work: a part of the page marked data-live is asked for again every two seconds, and the whole page once it is done.
// Without scripts the browser loads the whole page again (`refresh` of layout/top), which loses one's place.
const again = 2000;

async function look() {
  const live = document.querySelector("main [data-live]");
  if (!live) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("main [data-live]");
    if (!answer.ok || !now) return location.reload();
    const [bar, newBar] = [live.querySelector("progress"), now.querySelector("progress")];
    // Only what changed, so that a screen reader repeats nothing and the focus stays.
    if (bar && newBar) bar.value = newBar.value;
    const [words, newWords] = [live.querySelector("[role=status]"), now.querySelector("[role=status]")];
    if (words && newWords && words.textContent !== newWords.textContent) words.textContent = newWords.textContent;
  } catch {
    // The network was away for a moment; the next look may find it again.
  }
  setTimeout(look, again);
}

setTimeout(look, again);
