// Keys of the whole page, and the list of them. Those of the body's editor are its own.

import { make, page, say } from "./page.js"
import { showSteps } from "./steps.js"

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)
const CTRL = isMac ? "⌘" : "Ctrl"
const ALT = isMac ? "⌥" : "Alt"

const KEYS = [
  { shown: `${CTRL}+S`, says: "keySave", code: "KeyS", does: () => press("#desk-save") },
  { shown: `${CTRL}+${ALT}+V`, says: "keyPreview", code: "KeyV", alt: true, does: () => press("#desk-preview") },
  { shown: `${CTRL}+${ALT}+Enter`, says: "keyPublish", code: "Enter", alt: true, does: goToSteps },
  { shown: `${CTRL}+${ALT}+H`, says: "keyHistory", code: "KeyH", alt: true, does: () => follow("history") },
  { shown: `${CTRL}+${ALT}+T`, says: "keyTitle", code: "KeyT", alt: true, does: () => page.form?.elements.title?.focus() },
  { shown: `${CTRL}+${ALT}+B`, says: "keyBody", code: "KeyB", alt: true, does: goToBody },
]

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return
    if (event.key === "?" && !isTyping(event.target)) {
      event.preventDefault()
      showKeys()
      return
    }
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey) return
    const key = KEYS.find((each) => each.code === event.code && Boolean(each.alt) === event.altKey)
    if (!key) return
    event.preventDefault()
    key.does()
  })
}

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]")
}

function press(selector) {
  document.querySelector(selector)?.click()
}

function follow(name) {
  const address = page.data.urls[name]
  if (address) location.assign(address)
}

function goToSteps() {
  showSteps(true)
  const step = document.querySelector(".desk-step > summary")
  step?.scrollIntoView({ block: "nearest" })
  step?.focus()
}

function goToBody() {
  page.form?.elements.body_html?.bodyEditor?.editor.commands.focus()
}

function showKeys() {
  const rows = [...KEYS, { shown: "?", says: "keyHelp" }].map(({ shown, says }) =>
    make("tr", {}, make("td", {}, make("kbd", {}, shown)), make("td", {}, say(says))),
  )
  const close = make("button", { class: "default" }, say("close"))
  const dialog = make(
    "dialog",
    { class: "body-editor-dialog", "aria-label": say("keys") },
    make("h2", {}, say("keys")),
    make("table", { class: "desk-key-list" }, make("tbody", {}, ...rows)),
    make("form", { method: "dialog", class: "body-editor-buttons" }, close),
  )
  dialog.addEventListener("close", () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
