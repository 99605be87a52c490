/* Names are offered below a field: the arrows choose, Enter or Tab takes one, Escape closes (the
   combobox pattern of WAI-ARIA). */

let lists = 0

/** Offers what `address` finds for `typed()`, unless that is null, and hands the name taken to
 *  `take`; `pause` is in milliseconds. */
export function offerNames(field, address, { typed, take, pause = 0, choosesFirst = false }) {
  if (field.dataset.suggesting) return
  field.dataset.suggesting = "yes"
  const list = document.createElement("ul")
  list.id = `desk-suggestions-${++lists}`
  list.className = "desk-suggestions"
  list.setAttribute("role", "listbox")
  list.hidden = true
  field.after(list)
  field.setAttribute("aria-autocomplete", "list")
  field.setAttribute("aria-controls", list.id)
  const isCombobox = field.getAttribute("role") === "combobox" // a textarea may not say more

  let asked = 0
  let waiting

  const show = (shown) => {
    list.hidden = !shown
    if (isCombobox) field.setAttribute("aria-expanded", String(shown))
  }

  const close = () => {
    show(false)
    list.replaceChildren()
    field.removeAttribute("aria-activedescendant")
  }

  const choose = (place) => {
    const options = [...list.children]
    const next = (place + options.length) % options.length
    options.forEach((each, index) => each.setAttribute("aria-selected", String(index === next)))
    field.setAttribute("aria-activedescendant", options[next].id)
    options[next].scrollIntoView({ block: "nearest" })
  }

  const takeOne = (name) => {
    take(name)
    close()
    field.focus()
  }

  const optionOf = (name, index) => {
    const option = document.createElement("li")
    option.id = `${list.id}-${index}`
    option.setAttribute("role", "option")
    option.setAttribute("aria-selected", "false")
    option.textContent = name
    option.addEventListener("mousedown", (event) => {
      event.preventDefault()
      takeOne(name)
    })
    return option
  }

  const ask = async () => {
    const words = typed()
    const mine = ++asked
    if (words === null) return close()
    let names = []
    try {
      const response = await fetch(`${address}?q=${encodeURIComponent(words)}`, { credentials: "same-origin" })
      if (response.ok) names = (await response.json()).names
    } catch {
      // No connection: a name can be typed all the same.
    }
    if (mine !== asked) return
    if (!names.length || document.activeElement !== field) return close()
    list.replaceChildren(...names.map(optionOf))
    show(true)
    if (choosesFirst) choose(0)
  }

  close()
  field.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, pause)
  })
  field.addEventListener("blur", close)
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return
    const options = [...list.children]
    const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true")
    if (event.key === "ArrowDown") choose(now + 1)
    else if (event.key === "ArrowUp") choose(now < 0 ? -1 : now - 1)
    else if (event.key === "Escape") {
      event.stopPropagation() // of a dialog, which stays
      close()
    } else if ((event.key === "Enter" || event.key === "Tab") && now >= 0) takeOne(options[now].textContent)
    else return
    event.preventDefault()
  })
}
