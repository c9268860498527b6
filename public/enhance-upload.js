// Forms with files and data-enhance="upload": files can also be dropped or pasted, each is listed with its progress while it
// is sent, and a lost connection or a mistake keeps what was written and chosen. Without this script the form sends as usual.
const texts = document.querySelector("[data-script-words]")?.dataset ?? {};

const sizeOf = (bytes) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

function prepare(form) {
  const input = form.querySelector("input[type='file']");
  if (!input) return;
  const list = document.createElement("ul");
  list.className = "dw-files";
  const status = document.createElement("p");
  status.className = "dw-small";
  status.setAttribute("role", "status");
  (input.closest(".govuk-file-upload-wrapper") ?? input).after(list, status);

  const add = (files) => {
    const all = new DataTransfer();
    for (const file of [...(input.multiple ? input.files : []), ...files]) all.items.add(file);
    input.files = all.files;
    show();
  };
  const show = () => {
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const item = document.createElement("li");
        item.className = "dw-file dw-file--plain";
        const main = document.createElement("span");
        main.className = "dw-file__main";
        const name = document.createElement("span");
        name.className = "dw-file__name";
        name.textContent = file.name;
        const state = document.createElement("span");
        state.className = "dw-file__state";
        state.textContent = sizeOf(file.size);
        const bar = document.createElement("progress");
        bar.max = 100;
        bar.value = 0;
        bar.hidden = true;
        bar.setAttribute("aria-label", file.name);
        main.append(name, state, bar);
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "dw-linkbutton";
        remove.textContent = texts.remove;
        remove.setAttribute("aria-label", `${texts.remove}: ${file.name}`);
        remove.addEventListener("click", () => {
          const rest = new DataTransfer();
          for (const other of input.files) if (other !== file) rest.items.add(other);
          input.files = rest.files;
          show();
          input.focus();
        });
        item.append(main, remove);
        return item;
      }),
    );
  };

  input.addEventListener("change", show);
  form.addEventListener("dragover", (event) => {
    if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length > 0) add(event.clipboardData.files);
  });
  form.addEventListener("submit", (event) => {
    if (input.files.length === 0) return; // nothing to watch: send as usual
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    send(form, event.submitter, input, list, status);
  });
  if (input.files.length > 0) show();
}

function send(form, submitter, input, list, status) {
  const data = new FormData(form, submitter);
  const address = form.getAttribute("action") ?? location.href; // form.action may be a field of that name
  const request = new XMLHttpRequest();
  const files = [...input.files];
  const items = [...list.children];
  const total = files.reduce((sum, file) => sum + file.size, 0);
  for (const item of items) {
    item.querySelector("progress").hidden = false;
    item.querySelector("button").hidden = true;
  }
  const keep = (message) => {
    delete form.dataset.sent;
    status.textContent = message;
    for (const item of items) item.querySelector("button").hidden = false;
  };
  const lost = () => keep(texts.lost);
  const signedOut = (where) => {
    keep(`${texts.signedOut} `);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = where;
    link.target = "_blank";
    link.textContent = texts.signIn;
    status.append(link);
  };
  request.upload.addEventListener("progress", (event) => {
    // Files go out in the order of the list, after a little text: what is sent so far tells how far each one is.
    let sent = Math.max(0, event.loaded - (event.total - total));
    for (const [index, file] of files.entries()) {
      const part = file.size === 0 ? 100 : Math.round((Math.min(sent, file.size) / file.size) * 100);
      sent = Math.max(0, sent - file.size);
      items[index].querySelector("progress").value = part;
      items[index].querySelector(".dw-file__state").textContent =
        part < 100 ? `${sizeOf(file.size)} · ${part} %` : `${sizeOf(file.size)} · ${texts.sent}`;
    }
  });
  request.upload.addEventListener("load", () => (status.textContent = texts.checking));
  request.addEventListener("load", () => {
    // A redirect was followed: the form was accepted, and this is where it leads.
    const to = new URL(request.responseURL, location.href);
    const from = new URL(address, location.href);
    if (request.status < 300 && to.pathname === "/sign-in") return signedOut(to);
    if (request.status < 300 && to.pathname + to.search !== from.pathname + from.search) location.assign(to);
    else if (request.status < 300) location.reload();
    else {
      const refusal = replaceMain(request.responseText, input);
      if (refusal) keep(refusal);
    }
  });
  request.addEventListener("error", lost);
  request.addEventListener("timeout", lost);
  status.textContent = texts.sending;
  request.open("POST", address);
  request.setRequestHeader("Accept", "text/html");
  request.send(data);
}

// The same page with what to correct, and the chosen files kept. An error page does not take the place of what somebody wrote:
// its sentence comes back instead.
function replaceMain(html, input) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const main = answer.querySelector("main");
  const same = main?.querySelector(`input[type="file"][name="${CSS.escape(input.name)}"]`);
  if (!same)
    return [...(main?.querySelectorAll("h1, h1 + p") ?? [])].map((part) => part.textContent).join(" ") || texts.lost;
  const files = input.files;
  document.title = answer.title;
  document.querySelector("main").replaceWith(main);
  // A field that lists what was received already needs none of it again.
  if (!same.closest("[data-held]")) same.files = files;
  for (const form of main.querySelectorAll("form[data-enhance='upload']")) prepare(form);
  main.dispatchEvent(new CustomEvent("dw:replaced", { bubbles: true }));
  if (!main.querySelector(".govuk-error-summary")) main.focus();
  return "";
}

for (const form of document.querySelectorAll("form[data-enhance='upload']")) prepare(form);
