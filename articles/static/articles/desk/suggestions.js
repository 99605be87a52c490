/* Names are suggested below a field that holds several with commas between them: the arrows choose,
   Enter or Tab takes one, Escape closes (the combobox pattern of WAI-ARIA). */

let fields = 0

export function suggestAll(root) {
  for (const place of root.querySelectorAll("[data-suggest]")) {
    const field = place.querySelector("input[type=text]")
    if (field && !field.dataset.suggesting) suggest(field, place.dataset.suggest)
  }
}

function suggest(field, address) {
  field.dataset.suggesting = "yes"
  const list = document.createElement("ul")
  list.id = `desk-suggestions-${++fields}`
  list.className = "desk-suggestions"
  list.setAttribute("role", "listbox")
  list.hidden = true
  field.after(list)
  field.autocomplete = "off"
  field.setAttribute("role", "combobox")
  field.setAttribute("aria-autocomplete", "list")
  field.setAttribute("aria-controls", list.id)
  field.setAttribute("aria-expanded", "false")

  let asked = 0
  let waiting

  const close = () => {
    list.hidden = true
    list.replaceChildren()
    field.setAttribute("aria-expanded", "false")
    field.removeAttribute("aria-activedescendant")
  }

  const take = (name) => {
    const before = field.value.slice(0, field.value.lastIndexOf(",") + 1).trim()
    field.value = `${before}${before ? " " : ""}${name}, `
    close()
    field.focus()
  }

  const choose = (step) => {
    const options = [...list.children]
    const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true")
    const next = (now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length
    options.forEach((each, index) => each.setAttribute("aria-selected", String(index === next)))
    field.setAttribute("aria-activedescendant", options[next].id)
    options[next].scrollIntoView({ block: "nearest" })
  }

  const ask = async () => {
    const typed = field.value.slice(field.value.lastIndexOf(",") + 1).trim()
    const mine = ++asked
    if (!typed) return close()
    let names
    try {
      const url = `${address}?q=${encodeURIComponent(typed)}`
      const response = await fetch(url, { credentials: "same-origin" })
      names = response.ok ? (await response.json()).names : []
    } catch {
      names = []
    }
    if (mine !== asked) return
    if (!names.length || document.activeElement !== field) return close()
    list.replaceChildren(
      ...names.map((name, index) => {
        const option = document.createElement("li")
        option.id = `${list.id}-${index}`
        option.setAttribute("role", "option")
        option.setAttribute("aria-selected", "false")
        option.textContent = name
        option.addEventListener("mousedown", (event) => {
          event.preventDefault()
          take(name)
        })
        return option
      }),
    )
    list.hidden = false
    field.setAttribute("aria-expanded", "true")
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, 120)
  })
  field.addEventListener("blur", close)
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return
    const chosen = list.querySelector("[aria-selected=true]")
    if (event.key === "ArrowDown") choose(1)
    else if (event.key === "ArrowUp") choose(-1)
    else if (event.key === "Escape") {
      event.stopPropagation() // of the dialog, which stays
      close()
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen) take(chosen.textContent)
    else return
    event.preventDefault()
  })
}
