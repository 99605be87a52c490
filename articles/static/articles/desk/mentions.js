/* Logins are suggested after an @ in a comment: the arrows choose, Enter or Tab takes one, Escape
   closes (the combobox pattern of WAI-ARIA). */

const AT = /(?<![\w.@+/-])@([\w.+-]*)$/u

export function mentionAll(root) {
  for (const place of root.querySelectorAll("[data-mentions]")) {
    const field = place.querySelector("textarea")
    if (field && !field.dataset.suggesting) mention(field, place.dataset.mentions)
  }
}

function mention(field, address) {
  field.dataset.suggesting = "yes"
  const list = document.createElement("ul")
  list.id = `${field.id}-people`
  list.className = "desk-suggestions"
  list.setAttribute("role", "listbox")
  list.hidden = true
  field.after(list)
  field.setAttribute("aria-autocomplete", "list")
  field.setAttribute("aria-controls", list.id)

  let asked = 0

  const typed = () => AT.exec(field.value.slice(0, field.selectionStart))

  const close = () => {
    list.hidden = true
    list.replaceChildren()
    field.removeAttribute("aria-activedescendant")
  }

  const take = (name) => {
    const found = typed()
    if (found) field.setRangeText(`@${name} `, found.index, field.selectionStart, "end")
    close()
    field.focus()
  }

  const choose = (index) => {
    const options = [...list.children]
    const next = (index + options.length) % options.length
    options.forEach((each, at) => each.setAttribute("aria-selected", String(at === next)))
    field.setAttribute("aria-activedescendant", options[next].id)
  }

  const ask = async () => {
    const found = typed()
    const mine = ++asked
    if (!found) return close()
    let names = []
    try {
      const url = `${address}?q=${encodeURIComponent(found[1])}`
      const response = await fetch(url, { credentials: "same-origin" })
      if (response.ok) names = (await response.json()).names
    } catch {
      // No connection: a login can be typed all the same.
    }
    if (mine !== asked) return
    if (!names.length || document.activeElement !== field) return close()
    list.replaceChildren(
      ...names.map((name, index) => {
        const option = document.createElement("li")
        option.id = `${list.id}-${index}`
        option.setAttribute("role", "option")
        option.textContent = name
        option.addEventListener("mousedown", (event) => {
          event.preventDefault()
          take(name)
        })
        return option
      }),
    )
    list.hidden = false
    choose(0)
  }

  field.addEventListener("input", ask)
  field.addEventListener("blur", close)
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return
    const options = [...list.children]
    const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true")
    if (event.key === "ArrowDown") choose(now + 1)
    else if (event.key === "ArrowUp") choose(now - 1)
    else if (event.key === "Escape") close()
    else if (event.key === "Enter" || event.key === "Tab") take(options[now].textContent)
    else return
    event.preventDefault()
  })
}
