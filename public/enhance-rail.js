// On a phone the rail is a row that scrolls: the page one is on comes into sight.
const current = document.querySelector(".dw-casenav__link[aria-current]");
const row = current?.closest(".dw-casenav__list");
if (row) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
