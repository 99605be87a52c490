// Keys, and what keeps pictures safe from them.

import { Extension, Plugin, pm } from "django-prose-editor/editor"

import { figureAt } from "./figures.js"
import { editLink } from "./insertions.js"

const { NodeSelection, Selection, TextSelection } = pm.state

const lineOf = ({ $from }) => ($from.parent.type.name === "caption" || $from.parent.type.name === "credit"
  ? $from.parent.type.name : null)

// From the caption to the credit, and from there to a paragraph below the picture.
function nextLine(state, dispatch) {
  const line = lineOf(state.selection)
  if (!line) return false
  const { tr, selection, schema } = state
  const { $from } = selection
  if (line === "caption") {
    tr.setSelection(TextSelection.create(tr.doc, $from.after() + 1))
  } else {
    const inGallery = $from.node($from.depth - 2).type.name === "gallery"
    const after = $from.after($from.depth - (inGallery ? 2 : 1))
    tr.insert(after, schema.nodes.paragraph.create())
    tr.setSelection(TextSelection.create(tr.doc, after + 1))
  }
  dispatch(tr.scrollIntoView())
  return true
}

// Browsers would tear a caption off its picture.
function atLineStart(state, dispatch) {
  const { selection } = state
  if (!lineOf(selection) || !selection.empty || selection.$from.parentOffset) return false
  const { pos, node } = figureAt(state)
  if (!node.textContent) {
    dispatch(state.tr.setSelection(NodeSelection.create(state.doc, pos)))
  } else if (lineOf(selection) === "credit") {
    dispatch(state.tr.setSelection(Selection.near(state.doc.resolve(selection.from - 1), -1)))
  }
  return true
}

function atLineEnd(state) {
  const { selection } = state
  const { $from } = selection
  return Boolean(lineOf(selection)) && selection.empty && $from.parentOffset === $from.parent.content.size
}

// Browsers look for the text's beginning in the picture that stands there.
function goTo(view, side) {
  const { state } = view
  view.dispatch(state.tr.setSelection(Selection[side](state.doc)).scrollIntoView())
  view.focus()
  return true
}

// Chromium gives a text that begins with a picture the focus, but no cursor.
function placeCursor(view) {
  setTimeout(() => {
    if (!view.isDestroyed && view.hasFocus() && !view.root.getSelection().anchorNode) view.focus()
  })
  return false
}

// A selected picture is not overwritten by a letter: the letter begins a paragraph below it.
function writeBelow(view, text) {
  const { selection, tr, schema } = view.state
  if (!(selection instanceof NodeSelection) || !selection.node.isBlock) return false
  let after = selection.to
  const { $to } = selection
  if ($to.parent.type.name === "gallery") after = $to.after()
  const next = tr.doc.resolve(after).nodeAfter
  if (next?.type.name !== "paragraph" || next.content.size) {
    tr.insert(after, schema.nodes.paragraph.create())
  }
  tr.insertText(text, after + 1).setSelection(TextSelection.create(tr.doc, after + 1 + text.length))
  view.dispatch(tr.scrollIntoView())
  return true
}

function selectPicture(view, pos, node, nodePos, event) {
  if (node.type.name !== "figure" || event.target.nodeName !== "IMG") return false
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, nodePos)))
  return true
}

export const Keys = Extension.create({
  name: "keys",
  priority: 1000,
  addKeyboardShortcuts() {
    const run = (command) => () => command(this.editor.state, this.editor.view.dispatch)
    return {
      Enter: run(nextLine),
      Backspace: run(atLineStart),
      Delete: run(atLineEnd),
      "Mod-Home": () => goTo(this.editor.view, "atStart"),
      "Mod-End": () => goTo(this.editor.view, "atEnd"),
      "Mod-k": () => {
        editLink(this.editor)
        return true
      },
      "Alt-F10": () => {
        this.editor.view.dom.closest(".body-editor").querySelector("[role=toolbar] button").focus()
        return true
      },
    }
  },
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        handleTextInput: (view, from, to, text) => writeBelow(view, text),
        handleClickOn: selectPicture,
        handleDOMEvents: { focus: placeCursor },
      },
    }),
  ],
})
