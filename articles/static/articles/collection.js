// The slots of a collection in the admin: their order by drag, by buttons and by keys.
// Without scripts each slot shows a field for its position, and means the same.

const group = document.getElementById("slots-group")

if (group) {
  group.classList.add("ordered")
  const status = document.createElement("p")
  status.className = "slots-status"
  status.setAttribute("role", "status")
  group.append(status)

  const rows = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")]
  const positionOf = (row) => row.querySelector("input[name$='-position']")

  const number = () => rows().forEach((row, place) => {
    const position = positionOf(row)
    if (position) position.value = place // who may only look has no field
  })

  const tell = (row) => {
    const all = rows()
    status.textContent = `Slot ${all.indexOf(row) + 1} of ${all.length}`
  }

  const move = (row, steps) => {
    const all = rows()
    const target = all[all.indexOf(row) + steps]
    if (target) {
      if (steps < 0) target.before(row)
      else target.after(row)
      number()
    }
    tell(row)
  }

  const place = (row, y) => {
    const others = rows().filter((other) => other !== row)
    const below = others.find((other) => {
      const box = other.getBoundingClientRect()
      return y < box.top + box.height / 2
    })
    if (below && row.nextElementSibling !== below) below.before(row)
    if (!below && others.length && row.previousElementSibling !== others.at(-1)) others.at(-1).after(row)
  }

  // A row that moves in the document would let go of a captured pointer: so the document listens.
  const drag = (row, handle) => handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return
    event.preventDefault()
    handle.focus()
    row.classList.add("dragged")
    const dragging = new AbortController()
    const { signal } = dragging
    const drop = () => {
      dragging.abort()
      row.classList.remove("dragged")
      number()
      tell(row)
      handle.focus()
    }
    document.addEventListener("pointermove", (moved) => place(row, moved.clientY), { signal })
    document.addEventListener("pointerup", drop, { signal })
    document.addEventListener("pointercancel", drop, { signal })
  })

  const button = (text, label) => {
    const made = document.createElement("button")
    made.type = "button"
    made.textContent = text
    made.title = label
    made.setAttribute("aria-label", label)
    return made
  }

  const arrange = (row) => {
    const handle = button("⠿", "Move this slot: drag it, or press the arrow keys up and down")
    handle.className = "slot-handle"
    handle.addEventListener("keydown", (event) => {
      const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key]
      if (!steps) return
      event.preventDefault()
      move(row, steps)
      handle.focus()
    })
    const up = button("↑", "Move this slot up")
    const down = button("↓", "Move this slot down")
    up.addEventListener("click", () => { move(row, -1); up.focus() })
    down.addEventListener("click", () => { move(row, 1); down.focus() })
    const controls = document.createElement("span")
    controls.className = "slot-order"
    controls.append(handle, up, down)
    row.querySelector("h3").prepend(controls)
    drag(row, handle)
  }

  rows().forEach(arrange)
  document.addEventListener("formset:added", (event) => {
    if (event.detail.formsetName !== "slots") return
    arrange(event.target)
    number()
  })
  document.addEventListener("formset:removed", (event) => {
    if (event.detail.formsetName === "slots") number()
  })
}
