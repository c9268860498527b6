// Drawing boxes over a picture, by mouse, by finger (after a press of the button) or moved by keys. Each box is a row of typed numbers,
// which stay the only thing that is sent.
const canvas = document.querySelector("[data-redact]");
const list = document.querySelector("[data-redact-boxes]");
const FIELDS = ["left", "top", "width", "height"];
/** Smaller movements are a tap on a field of the grid. */
const DRAG_PIXELS = 8;

if (canvas && list) {
  const area = canvas.querySelector(".dw-redact__in");
  const rows = () => [...list.children];
  const fieldsOf = (row) => FIELDS.map((name) => row.querySelector(`[name="${name}[]"]`));
  const valuesOf = (row) => fieldsOf(row).map((field) => Number.parseFloat(field.value.replace(",", ".")));
  const write = (row, values) =>
    fieldsOf(row).forEach(
      (field, at) => (field.value = values === null ? "" : String(Math.round(values[at] * 100) / 100)),
    );
  const buttons = new Map();

  const show = (row) => {
    const values = valuesOf(row);
    const drawn = values.every((value) => value >= 0) && values[2] > 0 && values[3] > 0;
    let button = buttons.get(row);
    if (!drawn) {
      button?.remove();
      buttons.delete(row);
      return;
    }
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "dw-redact__box";
      button.setAttribute("aria-label", canvas.dataset.box.replace("{{n}}", rows().indexOf(row) + 1));
      button.addEventListener("keydown", (event) => moved(event, row));
      buttons.set(row, button);
      area.append(button);
    }
    FIELDS.forEach((name, at) => (button.style[name] = `${values[at]}%`));
  };

  const moved = (event, row) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      write(row, null);
      show(row);
      canvas.querySelector("input")?.focus();
    } else if (step) {
      const [left, top, width, height] = valuesOf(row);
      const within = (value, least, most) => Math.min(Math.max(value, least), most);
      write(
        row,
        event.shiftKey
          ? [left, top, within(width + step[0], 0.5, 100 - left), within(height + step[1], 0.5, 100 - top)]
          : [within(left + step[0], 0, 100 - width), within(top + step[1], 0, 100 - height), width, height],
      );
      show(row);
    } else return;
    event.preventDefault();
  };

  /** A row without numbers; the last one is copied when all are taken. */
  const emptyRow = () => {
    const found = rows().find((row) => fieldsOf(row).every((field) => field.value.trim() === ""));
    if (found) return found;
    const n = rows().length;
    const last = rows().at(-1);
    const row = last.cloneNode(true);
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace(String(n), String(n + 1));
    for (const field of fieldsOf(row)) {
      field.id = `${field.name}-${n}`;
      field.previousElementSibling.htmlFor = field.id;
      field.value = "";
    }
    list.append(row);
    return row;
  };

  list.addEventListener("input", (event) => show(event.target.closest("fieldset")));
  for (const row of rows()) show(row);

  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "govuk-button govuk-button--secondary";
  toggle.textContent = canvas.dataset.draw;
  let drawing = false;
  toggle.addEventListener("click", () => {
    drawing = !drawing;
    canvas.classList.toggle("dw-redact--drawing", drawing);
    toggle.textContent = drawing ? canvas.dataset.drawing : canvas.dataset.draw;
  });
  if (matchMedia("(any-pointer: coarse)").matches) area.before(toggle);

  const placeOf = (event) => {
    const box = area.getBoundingClientRect();
    const percent = (value, size) => Math.min(100, Math.max(0, (100 * value) / size));
    return [percent(event.clientX - box.left, box.width), percent(event.clientY - box.top, box.height)];
  };
  let begun = null;
  let held = null;
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (event.pointerType !== "mouse" && !drawing)) return;
    const button = event.target.closest(".dw-redact__box");
    begun = { x: event.clientX, y: event.clientY, place: placeOf(event), row: null, from: null };
    if (button) {
      begun.row = [...buttons].find(([, one]) => one === button)[0];
      begun.from = valuesOf(begun.row);
    }
  });
  addEventListener("pointermove", (event) => {
    if (!begun) return;
    if (!held && Math.hypot(event.clientX - begun.x, event.clientY - begun.y) < DRAG_PIXELS) return;
    held = begun;
    held.row ??= emptyRow();
    const [x, y] = placeOf(event);
    const [fromX, fromY] = held.place;
    if (held.from) {
      const [left, top, width, height] = held.from;
      const within = (value, most) => Math.min(Math.max(value, 0), most);
      write(held.row, [within(left + x - fromX, 100 - width), within(top + y - fromY, 100 - height), width, height]);
    } else write(held.row, [Math.min(x, fromX), Math.min(y, fromY), Math.abs(x - fromX), Math.abs(y - fromY)]);
    show(held.row);
  });
  const end = () => {
    begun = null;
    // The click that follows a drag must not tick the field it ends on.
    if (held) setTimeout(() => (held = null));
  };
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  area.addEventListener("click", (event) => held && event.preventDefault(), true);
  area.addEventListener("dragstart", (event) => event.preventDefault());
}
