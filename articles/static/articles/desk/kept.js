// What is typed and not saved yet, kept on this device: for a closed tab, a lost connection, an
// expired session. One copy an article and login.

import { page } from "./page.js"

const name = () => `dastan:${page.data.login}:${page.data.key ?? "new"}`

/** What the form would send, without what belongs to one visit. */
export function entries() {
  return [...new FormData(page.form)].filter(
    ([field, value]) =>
      typeof value === "string" &&
      !["csrfmiddlewaretoken", "based_on"].includes(field) &&
      !field.includes("-"),
  )
}

export function keep(basedOn) {
  const names = {}
  for (const picked of page.form.querySelectorAll("[data-choice]")) {
    const choice = JSON.parse(picked.dataset.choice)
    const kind = picked.closest("[data-picker]").dataset.picker
    names[`${kind}:${choice.id}`] = choice
  }
  const copy = { entries: entries(), names, basedOn, at: Date.now() }
  try {
    localStorage.setItem(name(), JSON.stringify(copy))
  } catch {
    // The device is full, or keeps nothing: then the server alone has it.
  }
}

export function kept() {
  try {
    return JSON.parse(localStorage.getItem(name()))
  } catch {
    return null
  }
}

export function forget() {
  localStorage.removeItem(name())
}

/** Says that what is kept was sent: if the server has it, the next page forgets it. */
export function markSent() {
  const copy = kept()
  if (copy) localStorage.setItem(name(), JSON.stringify({ ...copy, sent: true }))
}

/** Fills the form with a copy. */
export function putBack(copy) {
  const values = grouped(copy.entries)
  for (const picker of page.form.querySelectorAll("[data-picker]")) {
    const ids = (values.get(picker.dataset.name) ?? []).map(([, value]) => value)
    picker.picker.set(ids.map((id) => copy.names[`${picker.dataset.picker}:${id}`]).filter(Boolean))
  }
  for (const field of page.form.elements) {
    if (!field.name || field.name.includes("-") || field.type === "hidden" || field.type === "submit") continue
    if (["based_on", "csrfmiddlewaretoken"].includes(field.name)) continue
    const value = values.get(field.name)?.[0][1]
    if (field.type === "checkbox") field.checked = value !== undefined
    else field.value = value ?? ""
    field.bodyEditor?.load(field.value)
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
}

function grouped(pairs) {
  const found = new Map()
  for (const pair of pairs) found.set(pair[0], [...(found.get(pair[0]) ?? []), pair])
  return found
}
