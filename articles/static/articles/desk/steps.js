// The next steps: asks for what a verb needs before it is sent; on a phone they open from a bar.

import { make, page, say } from "./page.js"
import { showWeekdays } from "./moments.js"

export function startSteps() {
  const side = document.querySelector(".desk-side")
  if (!side) return
  side.classList.add("has-scripts")
  addOpener(side)
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".desk-step input")) return
    // Else the form's first button would be pressed, which only saves.
    event.preventDefault()
    event.target.closest(".desk-step").querySelector(".desk-do").click()
  })
  side.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("button.desk-do")
    if (pressed) refuseEmpty(event, pressed)
    const goes = event.target.closest?.("[data-goes-to]")
    if (goes) goTo(event, goes.dataset.goesTo)
  })
}

function addOpener(side) {
  const title = side.querySelector(".desk-steps h2").textContent
  const opener = make("button", { type: "button", class: "desk-more", "aria-expanded": "false" }, title)
  opener.addEventListener("click", () => showSteps(!side.classList.contains("is-open")))
  const row = side.querySelector(".desk-save") ?? side
  row.append(opener)
}

/** On a phone: opens or closes the steps above the bar. */
export function showSteps(open) {
  const side = document.querySelector(".desk-side")
  side?.classList.toggle("is-open", open)
  side?.querySelector(".desk-more")?.setAttribute("aria-expanded", String(open))
}

function refuseEmpty(event, pressed) {
  const step = pressed.closest(".desk-step")
  for (const input of step.querySelectorAll("[data-needed]")) {
    input.setCustomValidity(input.value.trim() ? "" : say("needed"))
    if (!input.value.trim()) {
      event.preventDefault()
      input.reportValidity()
      return
    }
  }
}

function goTo(event, name) {
  event.preventDefault()
  showSteps(false)
  const body = page.form?.querySelector(`textarea[name="${name}"]`)?.bodyEditor
  const field = document.getElementById(`id_${name}_search`) ?? document.getElementById(`id_${name}`)
  if (body) body.editor.commands.focus()
  else field?.focus()
  field?.closest(".form-row")?.scrollIntoView({ block: "center" })
}

/** Shows what the server says of the article after a save, but leaves alone where somebody is. */
export function renewSide(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html")
  for (const part of document.querySelectorAll(".desk-side [data-part]")) {
    const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`)
    const isBusy = part.contains(document.activeElement) || part.querySelector("details[open]")
    if (!now || (isBusy && part.dataset.part === "steps")) continue
    part.replaceWith(document.adoptNode(now))
    showWeekdays(document)
  }
}
