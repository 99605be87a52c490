// Dialogs: a title, some fields, two buttons. They stand outside of the admin's form.

let count = 0

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value)
    }
  }
  element.append(...children)
  return element
}

function makeField({ name, label, value = "", help, kind = "text", required, check }) {
  const id = `body-editor-field-${++count}`
  const input =
    kind === "lines"
      ? make("textarea", { id, name, required, rows: 5 })
      : make("input", { id, name, required, type: kind, autocomplete: "off" })
  input.value = value
  if (check) {
    const judge = () => input.setCustomValidity(input.value.trim() ? (check(input.value) ?? "") : "")
    input.addEventListener("input", judge)
    judge()
  }
  const about = help ? [make("small", {}, help)] : []
  return make("div", { class: "body-editor-field" }, make("label", { for: id }, label), input, ...about)
}

/**
 * Asks for the fields' values: a promise of them by name, of { [name of `other`]: true } when
 * the third button was pressed, or of null when nothing is to be done.
 */
export function ask({ title, fields, submit, other, cancel = "Cancel" }) {
  const buttons = [
    make("button", { type: "submit", class: "default" }, submit),
    make("button", { type: "button", "data-does": "cancel" }, cancel),
    ...(other ? [make("button", { type: "button", "data-does": other.name }, other.label)] : []),
  ]
  const form = make(
    "form",
    { method: "dialog" },
    make("h2", {}, title),
    ...fields.map(makeField),
    make("div", { class: "body-editor-buttons" }, ...buttons),
  )
  const dialog = make("dialog", { class: "body-editor-dialog", "aria-label": title }, form)
  document.body.append(dialog)
  return new Promise((resolve) => {
    let answer = null
    form.addEventListener("submit", () => {
      answer = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]))
    })
    form.addEventListener("click", ({ target }) => {
      const does = target.dataset?.does
      if (!does) return
      if (does !== "cancel") answer = { [does]: true }
      dialog.close()
    })
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(answer)
    })
    dialog.showModal()
  })
}
