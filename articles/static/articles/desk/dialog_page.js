/* A small page of the desk shown in a dialog: its form is fetched, sent, and shown again with what
   was refused. When it is done, the page below is loaded anew. */

import { suggestAll } from "./suggestions.js"

async function formOf(response, selector) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  const form = page.querySelector(selector)
  return form ? { form, title: page.querySelector("#content h1")?.textContent ?? "" } : null
}

function show(dialog, { form, title }) {
  const heading = document.createElement("h2")
  heading.textContent = title
  heading.id = "desk-dialog-title"
  dialog.setAttribute("aria-labelledby", heading.id)
  dialog.replaceChildren(heading, document.adoptNode(form))
  suggestAll(dialog)
  dialog.querySelector("input:not([type=hidden]), textarea")?.focus()
}

export async function openInDialog(link, selector) {
  const response = await fetch(link.href, { credentials: "same-origin" })
  const found = response.ok ? await formOf(response, selector) : null
  if (!found) {
    location.assign(link.href) // signed out, or no longer allowed: the page itself says so
    return
  }
  const dialog = document.createElement("dialog")
  dialog.className = "desk-dialog"
  document.body.append(dialog)
  dialog.addEventListener("close", () => {
    dialog.remove()
    link.focus()
  })
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return
    event.preventDefault()
    dialog.close()
  })
  dialog.addEventListener("submit", (event) => {
    event.preventDefault()
    send(dialog, event.target, selector)
  })
  dialog.showModal()
  show(dialog, found)
}

async function send(dialog, form, selector) {
  const button = form.querySelector("[type=submit]")
  button.disabled = true
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      redirect: "manual",
    })
    if (response.type === "opaqueredirect") {
      location.reload() // done; the list tells what
      return
    }
    const found = await formOf(response, selector)
    if (found) show(dialog, found)
    else form.submit()
  } catch {
    button.disabled = false // no connection: what was typed is still there
    button.focus()
  }
}
