// Pickers: type to find, arrows and Enter to choose; what is chosen is put in order by dragging, by
// its buttons, or with Alt and the arrows.

import { ask } from "../editor/dialogs.js"
import { make, page, post, say } from "./page.js"

export function startPickers() {
  for (const room of page.form.querySelectorAll("[data-picker]")) room.picker = new Picker(room)
}

class Picker {
  constructor(room) {
    this.room = room
    this.kind = room.dataset.picker
    this.name = room.dataset.name
    this.isSingle = "single" in room.dataset
    this.list = room.querySelector(".desk-picked")
    this.found = []
    this.active = -1
    this.asked = 0
    this.live = make("span", { class: "visually-hidden", role: "status" })
    this.options = make("ul", { class: "desk-options", id: `${room.id}_options`, role: "listbox", hidden: true, "aria-label": say("search") })
    this.input = make("input", {
      type: "text", id: `${room.id}_search`, autocomplete: "off", role: "combobox", placeholder: say("search"),
      "aria-expanded": "false", "aria-controls": `${room.id}_options`, "aria-autocomplete": "list",
    })
    const label = document.querySelector(`label[for="${room.id}_search"]`)
    if (!label) this.input.setAttribute("aria-label", this.name)
    for (const item of [...this.list.children]) item.replaceWith(this.item(JSON.parse(item.dataset.choice)))
    room.append(this.input, this.options, this.live)
    this.listen()
  }

  get chosen() {
    return [...this.list.children].map((item) => JSON.parse(item.dataset.choice))
  }

  set(choices) {
    this.list.replaceChildren(...choices.map((choice) => this.item(choice)))
  }

  listen() {
    this.input.addEventListener("input", (event) => {
      event.stopPropagation() // what is typed to find something is no change of the article
      this.lookSoon()
    })
    this.input.addEventListener("change", (event) => event.stopPropagation())
    this.input.addEventListener("focus", () => this.lookSoon(0))
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150))
    this.input.addEventListener("keydown", (event) => this.pressed(event))
    this.options.addEventListener("mousedown", (event) => {
      event.preventDefault()
      const option = event.target.closest("li")
      if (option) this.choose(Number(option.dataset.place))
    })
  }

  lookSoon(pause = 150) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.look(), pause)
  }

  async look() {
    clearTimeout(this.timer)
    const typed = this.input.value.trim()
    const turn = ++this.asked
    const address = page.data.urls.choices.replace("KIND", this.kind)
    const response = await fetch(`${address}?q=${encodeURIComponent(typed)}`, { redirect: "manual" }).catch(() => null)
    if (!response?.ok || turn !== this.asked || document.activeElement !== this.input) return
    const { choices } = await response.json()
    const taken = new Set(this.chosen.map(({ id }) => id))
    this.found = choices.filter(({ id }) => !taken.has(id))
    const isThere = [...choices, ...this.chosen].some(({ name }) => name.toLowerCase() === typed.toLowerCase())
    if (page.data.makes.includes(this.kind)) {
      if (this.kind === "image") this.found.push({ makes: true, name: say("makeImage") })
      else if (typed && !isThere) this.found.push({ makes: true, name: say("make", typed) })
    }
    this.looked = typed
    this.active = typed && this.found.length ? 0 : -1
    this.show()
  }

  show() {
    const options = this.found.map(({ name, hint, id }, place) =>
      make("li", { role: "option", id: `${this.room.id}_option_${place}`, "data-place": place, "aria-selected": String(place === this.active) },
        name, ...(hint ? [make("small", {}, hint)] : [])))
    if (!options.length) options.push(make("li", { role: "option", "aria-disabled": "true" }, say("nothing")))
    this.options.replaceChildren(...options)
    this.options.hidden = false
    this.input.setAttribute("aria-expanded", "true")
    if (this.active >= 0) {
      this.input.setAttribute("aria-activedescendant", `${this.room.id}_option_${this.active}`)
      this.options.children[this.active].scrollIntoView({ block: "nearest" })
    } else this.input.removeAttribute("aria-activedescendant")
  }

  close() {
    this.asked++
    clearTimeout(this.timer)
    this.options.hidden = true
    this.input.setAttribute("aria-expanded", "false")
    this.input.removeAttribute("aria-activedescendant")
  }

  pressed(event) {
    const { key } = event
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault()
      if (this.options.hidden) { this.look(); return }
      const count = this.found.length
      if (count) this.active = (this.active + (key === "ArrowDown" ? 1 : count - (this.active < 0 ? 0 : 1))) % count
      this.show()
    } else if (key === "Enter" && !(event.ctrlKey || event.metaKey)) {
      event.preventDefault() // never sends the form
      this.enter()
    } else if (key === "Escape" && !this.options.hidden) {
      event.preventDefault()
      this.close()
    } else if (key === "Backspace" && !this.input.value && this.list.lastElementChild) {
      this.remove(this.list.lastElementChild)
    }
  }

  /** Chooses what is marked; who types fast may be ahead of the list. */
  async enter() {
    const typed = this.input.value.trim()
    if (typed && this.looked !== typed) await this.look()
    if (!this.options.hidden && this.active >= 0) this.choose(this.active, typed)
  }

  async choose(place, typed = this.input.value.trim()) {
    let choice = this.found[place]
    if (!choice) return
    if (choice.makes) choice = await this.make(typed)
    if (choice) this.add(choice, typed)
  }

  async make(typed) {
    this.close()
    const values = this.kind === "image" ? await askForImage(typed) : { name: typed }
    if (!values) return null
    const data = new FormData()
    for (const [name, value] of Object.entries(values)) data.append(name, value)
    const { status, answer } = await post(page.data.urls.choices.replace("KIND", this.kind), data)
    if (status === 200) return answer.choice
    this.input.setCustomValidity(answer?.error ?? say("offline"))
    this.input.reportValidity()
    this.input.addEventListener("input", () => this.input.setCustomValidity(""), { once: true })
    return null
  }

  add(choice, typed) {
    if (this.isSingle) this.list.replaceChildren()
    if (!this.chosen.some(({ id }) => id === choice.id)) this.list.append(this.item(choice))
    // What was typed since belongs to the next one.
    const { value } = this.input
    this.input.value = value.startsWith(typed) ? value.slice(typed.length) : ""
    this.close()
    // Who has gone on to another field while a new one was made is not called back.
    const { activeElement } = document
    if (activeElement === document.body || this.room.contains(activeElement)) this.input.focus()
    if (this.input.value) this.lookSoon()
    this.changed()
  }

  item(choice) {
    const { id, name, hint } = choice
    const item = make("li", { "data-choice": JSON.stringify({ id, name, hint }), draggable: !this.isSingle && "true" })
    const label = make("span", { class: "desk-picked-name" }, name, ...(hint ? [make("small", { class: "desk-quiet" }, ` ${hint}`)] : []))
    const buttons = [...(this.isSingle ? [] : [["up", "↑", () => this.move(item, -1)], ["down", "↓", () => this.move(item, 1)]]),
      ["remove", "×", () => this.remove(item)]].map(([says, sign, does]) => {
      const made = make("button", { type: "button", "aria-label": say(says, name), title: say(says, name) }, sign)
      made.addEventListener("click", does)
      return made
    })
    item.append(label, ...buttons, make("input", { type: "hidden", name: this.name, value: id }))
    item.addEventListener("keydown", (event) => {
      if (!event.altKey || this.isSingle || !["ArrowUp", "ArrowDown"].includes(event.key)) return
      event.preventDefault()
      const focused = document.activeElement
      this.move(item, event.key === "ArrowUp" ? -1 : 1)
      focused.focus()
    })
    this.letDrag(item)
    return item
  }

  letDrag(item) {
    item.addEventListener("dragstart", (event) => {
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setData("text/plain", "")
      this.dragged = item
    })
    item.addEventListener("dragend", () => {
      this.dragged = null
      for (const each of this.list.children) each.classList.remove("is-over")
    })
    item.addEventListener("dragover", (event) => {
      if (!this.dragged) return
      event.preventDefault()
      for (const each of this.list.children) each.classList.toggle("is-over", each === item)
    })
    item.addEventListener("drop", (event) => {
      if (!this.dragged || this.dragged === item) return
      event.preventDefault()
      const places = [...this.list.children]
      if (places.indexOf(this.dragged) < places.indexOf(item)) item.after(this.dragged)
      else item.before(this.dragged)
      this.moved(this.dragged)
    })
  }

  move(item, by) {
    const focused = document.activeElement
    if (by < 0) item.previousElementSibling?.before(item)
    else item.nextElementSibling?.after(item)
    focused?.focus()
    this.moved(item)
  }

  moved(item) {
    const place = [...this.list.children].indexOf(item) + 1
    this.live.textContent = say("moved", JSON.parse(item.dataset.choice).name, place)
    this.changed()
  }

  remove(item) {
    item.remove()
    this.input.focus()
    this.changed()
  }

  changed() {
    this.room.dispatchEvent(new Event("change", { bubbles: true }))
  }
}

function askForImage(typed) {
  return ask({
    title: say("makeImage").replace("…", ""),
    submit: say("add"),
    cancel: say("cancel"),
    fields: [
      { name: "url", label: say("url"), kind: "url", value: typed, required: true },
      { name: "alt", label: say("alt"), help: say("altHelp") },
      { name: "caption", label: say("caption") },
      { name: "credit", label: say("credit") },
    ],
  })
}
