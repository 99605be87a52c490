// The editor of bodies in the admin: turns each textarea[data-body-editor] into an editor.
// Without scripts the textarea stays what it is, with the same HTML in it.

import { Editor } from "django-prose-editor/editor"

import { extensions } from "./editor/extensions.js"
import { read, write, writeLines } from "./editor/normal_form.js"
import { makeToolbar } from "./editor/toolbar.js"

function edit(textarea) {
  const room = document.createElement("div")
  room.className = "body-editor"
  const surface = document.createElement("div")
  surface.className = "body-editor-surface"
  room.append(surface)
  textarea.before(room)
  const label = document.querySelector(`label[for="${textarea.id}"]`)

  const editor = new Editor({
    element: surface,
    editable: !textarea.disabled && !textarea.readOnly,
    injectCSS: false,
    enableInputRules: false,
    enablePasteRules: false,
    extensions: extensions(JSON.parse(textarea.dataset.bodyEditor)),
    editorProps: {
      attributes: { "aria-label": label?.textContent.replace(":", "") || "Body", role: "textbox",
        "aria-multiline": "true", class: "article-body" },
    },
    onUpdate: () => {
      textarea.value = write(editor.state.doc)
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  load(editor, textarea.value)
  label?.addEventListener("click", () => editor.commands.focus())

  room.append(textarea)
  textarea.hidden = true // before the toolbar looks whether the HTML is shown
  room.prepend(makeToolbar(editor, sourceView(editor, textarea, room)))
  return { editor, load: (html) => load(editor, html), html: () => write(editor.state.doc) }
}

// A state of its own rather than a change: opening an article is nothing that can be undone.
function load(editor, html) {
  const { view } = editor
  const doc = read(html, editor.schema)
  view.updateState(view.state.constructor.create({ doc, plugins: view.state.plugins }))
}

// The HTML itself, a block on a line; what is changed there goes back into the editor.
function sourceView(editor, textarea, room) {
  return {
    shown: () => !textarea.hidden,
    toggle() {
      const show = textarea.hidden
      if (show) {
        textarea.value = writeLines(editor.state.doc)
      } else {
        replace(editor, textarea.value)
        textarea.value = write(editor.state.doc)
      }
      textarea.hidden = !show
      room.classList.toggle("shows-source", show)
      ;(show ? textarea : editor.view).focus()
    },
  }
}

function replace(editor, html) {
  const doc = read(html, editor.schema)
  if (!doc.eq(editor.state.doc)) {
    const { tr } = editor.state
    editor.view.dispatch(tr.replaceWith(0, tr.doc.content.size, doc.content))
  }
}

for (const textarea of document.querySelectorAll("textarea[data-body-editor]")) {
  textarea.bodyEditor = edit(textarea)
}
