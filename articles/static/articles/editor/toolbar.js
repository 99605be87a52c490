// The toolbar: groups of buttons, and those that only matter where the cursor is.

import { pm } from "django-prose-editor/editor"

import { figureAt } from "./figures.js"
import * as insertions from "./insertions.js"

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
const { tables } = pm

// A button: its label, its icon (of the Material Icons that come with the editor) or letters,
// what it does, when it is on, its keys.

const mark = (name, label, icon, keys) => ({
  label, icon, keys,
  run: (editor) => editor.chain().focus().toggleMark(name).run(),
  on: (editor) => editor.isActive(name),
  can: (editor) => editor.can().toggleMark(name),
})
const heading = (level) => ({
  label: `Heading ${level}`, letters: `H${level}`, keys: `Mod-Alt-${level}`,
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
  on: (editor) => editor.isActive("heading", { level }),
  can: (editor) => editor.can().toggleHeading({ level }),
})
const block = (name, label, icon, command, keys) => ({
  label, icon, keys,
  run: (editor) => editor.chain().focus()[command]().run(),
  on: (editor) => editor.isActive(name),
})
const dialog = (label, icon, run, more = {}) => ({ label, icon, run, ...more })
const ofTable = (label, icon, command) => ({
  label, icon,
  run: (editor) => {
    command(editor.state, editor.view.dispatch)
    editor.view.focus()
  },
  can: (editor) => command(editor.state),
})

const inFigure = (editor) => figureAt(editor.state) !== null

const GROUPS = [
  [
    mark("bold", "Bold", "format_bold", "Mod-B"),
    mark("italic", "Italic", "format_italic", "Mod-I"),
    mark("underline", "Underline", "format_underlined", "Mod-U"),
    mark("strike", "Strikethrough", "strikethrough_s", "Mod-Shift-S"),
    mark("superscript", "Superscript", "superscript", "Mod-."),
    mark("subscript", "Subscript", "subscript", "Mod-,"),
    mark("code", "Code in a line", "code", "Mod-E"),
    dialog("Link", "link", insertions.editLink, { keys: "Mod-K", on: (editor) => editor.isActive("link") }),
  ],
  [heading(2), heading(3), heading(4)],
  [
    block("bulletList", "List", "format_list_bulleted", "toggleBulletList", "Mod-Shift-8"),
    block("orderedList", "Numbered list", "format_list_numbered", "toggleOrderedList", "Mod-Shift-7"),
    block("blockquote", "Quote", "format_quote", "toggleBlockquote", "Mod-Shift-B"),
  ],
  [
    dialog("Picture", "image", insertions.editPicture, { on: inFigure }),
    dialog("Gallery", "collections", insertions.insertGallery),
    dialog("Table", "table_chart", insertions.insertTable),
    block("codeBlock", "Code", "integration_instructions", "toggleCodeBlock", "Mod-Alt-C"),
    dialog("Divider", "horizontal_rule", insertions.insertDivider),
  ],
  [
    block("", "Undo", "undo", "undo", "Mod-Z"),
    block("", "Redo", "redo", "redo", "Mod-Shift-Z"),
  ].map((button) => ({ ...button, on: undefined, can: (editor) => editor.can()[button.icon]() })),
]

const CONTEXTS = [
  {
    label: "Table",
    shown: (editor) => tables.isInTable(editor.state),
    buttons: [
      ofTable("Row above", "+ Row above", tables.addRowBefore),
      ofTable("Row below", "+ Row below", tables.addRowAfter),
      ofTable("Column before", "+ Column before", tables.addColumnBefore),
      ofTable("Column after", "+ Column after", tables.addColumnAfter),
      ofTable("Remove row", "− Row", tables.deleteRow),
      ofTable("Remove column", "− Column", tables.deleteColumn),
      ofTable("Heading cells on or off", "Heading", tables.toggleHeaderCell),
      ofTable("Join cells", "Join", tables.mergeCells),
      ofTable("Split cell", "Split", tables.splitCell),
      ofTable("Remove table", "− Table", tables.deleteTable),
    ],
  },
  {
    label: "Picture",
    shown: inFigure,
    buttons: [
      dialog("Address and alternative text", "Picture…", insertions.editPicture),
      {
        ...dialog("Another picture in this gallery", "+ Picture", insertions.addToGallery),
        can: (editor) => editor.isActive("gallery"),
      },
    ],
  },
  {
    label: "Code",
    shown: (editor) => editor.isActive("codeBlock"),
    buttons: [dialog("Programming language", "Language…", insertions.editLanguage)],
  },
  {
    label: "Numbered list",
    shown: (editor) => editor.isActive("orderedList"),
    buttons: [dialog("First number", "First number…", insertions.editStart)],
  },
]

const shownKeys = (keys) =>
  keys.replace("Mod", MAC ? "⌘" : "Ctrl").replace("Alt", MAC ? "⌥" : "Alt").replaceAll("-", MAC ? "" : "+")

function makeButton(editor, { label, icon, letters, keys, run }, inWords = false) {
  const button = document.createElement("button")
  button.type = "button"
  button.tabIndex = -1
  button.setAttribute("aria-label", label)
  button.title = keys ? `${label} (${shownKeys(keys)})` : label
  const sign = document.createElement("span")
  sign.setAttribute("aria-hidden", "true")
  sign.textContent = letters ?? icon
  if (!letters && !inWords) sign.className = "material-icons"
  button.append(sign)
  button.addEventListener("mousedown", (event) => event.preventDefault()) // keeps the selection
  button.addEventListener("click", () => button.ariaDisabled !== "true" && run(editor))
  return button
}

function makeGroup(editor, buttons, label) {
  const group = document.createElement("div")
  group.className = label ? "body-editor-group in-words" : "body-editor-group"
  group.setAttribute("role", "group")
  if (label) group.setAttribute("aria-label", label)
  const made = buttons.map((button) => [button, makeButton(editor, button, Boolean(label))])
  group.append(...made.map(([, element]) => element))
  return [group, made]
}

/** The toolbar's element; `source` shows and hides the HTML. */
export function makeToolbar(editor, source) {
  const toolbar = document.createElement("div")
  toolbar.className = "body-editor-toolbar"
  toolbar.setAttribute("role", "toolbar")
  toolbar.setAttribute("aria-label", "Formatting")
  const html = {
    label: "HTML", letters: "HTML", run: () => { source.toggle(); refresh() },
    on: () => source.shown(),
  }
  const groups = [...GROUPS, [html]].map((buttons) => makeGroup(editor, buttons))
  const contexts = CONTEXTS.map((context) => [
    context, ...makeGroup(editor, context.buttons, context.label),
  ])
  toolbar.append(...groups.map(([group]) => group), ...contexts.map(([, group]) => group))
  const buttons = [...groups, ...contexts.map(([, ...rest]) => rest)].flatMap(([, made]) => made)

  function refresh() {
    for (const [{ on, can, letters }, element] of buttons) {
      if (on) element.ariaPressed = String(Boolean(on(editor)))
      const usable = letters === "HTML" || (!source.shown() && editor.isEditable)
      element.ariaDisabled = String(!usable || Boolean(can && !can(editor)))
    }
    for (const [{ shown }, group] of contexts) group.hidden = source.shown() || !shown(editor)
  }
  editor.on("transaction", refresh)
  editor.on("focus", refresh)
  refresh()
  walkByKeys(toolbar, editor)
  return toolbar
}

// One stop for Tab, arrows from button to button, Escape back into the text.
function walkByKeys(toolbar, editor) {
  const visible = () =>
    [...toolbar.querySelectorAll("button")].filter((button) => button.offsetParent !== null)
  const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }
  toolbar.querySelector("button").tabIndex = 0
  toolbar.addEventListener("focusin", ({ target }) => {
    for (const button of toolbar.querySelectorAll("button")) button.tabIndex = -1
    target.tabIndex = 0
  })
  toolbar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") editor.view.focus()
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = visible()
    const last = buttons.length - 1
    const place = buttons.indexOf(document.activeElement) + step
    buttons[place > last ? (step === 1 ? 0 : last) : place < 0 ? (step === -1 ? last : 0) : place].focus()
  })
}
