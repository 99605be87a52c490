// What a dialog asks for before it is made: links, pictures, galleries, and the like.

import { getMarkRange, pm } from "django-prose-editor/editor"

import { pictureAddress, typedAddress } from "./addresses.js"
import { ask } from "./dialogs.js"
import { figureAt, makeFigure } from "./figures.js"
import { makeTable } from "./tables.js"

const { NodeSelection, Selection, TextSelection } = pm.state

const ADDRESS_IS_WRONG = "Begin the address with https://, http:// or /."
const pictureCheck = (value) => (pictureAddress(value.trim()) ? null : ADDRESS_IS_WRONG)
const linkCheck = (value) =>
  typedAddress(value) ? null : "Write an address such as https://example.org/page, or one for mail."

/** Puts a block where the cursor is: in place of an empty paragraph, else below. */
export function insertBlock(editor, node) {
  const { tr, selection } = editor.state
  const { $to } = selection
  let at = null
  for (let depth = $to.depth; depth > 0 && at === null; depth--) {
    const parent = $to.node(depth - 1)
    const index = $to.index(depth - 1)
    const empty = $to.node(depth).type.name === "paragraph" && !$to.node(depth).content.size
    if (empty && parent.canReplaceWith(index, index + 1, node.type)) {
      at = $to.before(depth)
      tr.replaceWith(at, $to.after(depth), node)
    } else if (parent.canReplaceWith(index + 1, index + 1, node.type)) {
      at = $to.after(depth)
      tr.insert(at, node)
    }
  }
  if (at === null) {
    at = selection.to // a selected block, or a gap between two
    tr.insert(at, node)
  }
  const inside = node.isLeaf ? at + node.nodeSize : at + 1
  if (node.isLeaf && tr.doc.resolve(inside).nodeAfter === null) {
    tr.insert(inside, editor.schema.nodes.paragraph.create())
  }
  tr.setSelection(Selection.near(tr.doc.resolve(inside)))
  editor.view.dispatch(tr.scrollIntoView())
  editor.view.focus()
}

export async function editLink(editor) {
  editor.view.domObserver.flush() // what was selected a moment ago, before the dialog takes the focus
  const { state } = editor
  const type = state.schema.marks.link
  if (!state.selection.$from.parent.type.allowsMarkType(type)) return
  const range = getMarkRange(state.selection.$from, type)
  const { from, to } = range && state.selection.empty ? range : state.selection
  const href = editor.getAttributes("link").href ?? ""
  const answer = await ask({
    title: "Link",
    submit: "Set link",
    other: href ? { name: "remove", label: "Remove link" } : null,
    fields: [
      { name: "href", label: "Address", value: href, required: true, check: linkCheck },
      ...(from === to ? [{ name: "text", label: "Text", help: "Left empty, the address." }] : []),
    ],
  })
  if (answer) {
    const tr = editor.state.tr
    if (answer.remove) tr.removeMark(from, to, type)
    else setLink(tr, { from, to, type, text: answer.text, href: typedAddress(answer.href) })
    editor.view.dispatch(tr)
  }
  editor.view.focus()
}

function setLink(tr, { from, to, type, text, href }) {
  const { schema } = type
  let end = to
  if (from === to) {
    const written = text || href
    tr.insert(from, schema.text(written))
    end = from + written.length
    tr.setSelection(TextSelection.create(tr.doc, end))
  }
  tr.removeMark(from, end, schema.marks.code) // a link is worth more than code
  tr.addMark(from, end, type.create({ href })).removeStoredMark(type)
}

const altField = (value = "") => ({
  name: "alt",
  label: "Alternative text",
  value,
  help: "What the picture shows, for those who cannot see it.",
})

export async function editPicture(editor) {
  const found = figureAt(editor.state)
  const answer = await ask({
    title: "Picture",
    submit: found ? "Change picture" : "Insert picture",
    other: found ? { name: "remove", label: "Remove picture" } : null,
    fields: [
      {
        name: "src", label: "Address", value: found?.node.attrs.src, required: true,
        check: pictureCheck, help: "https://… or a path on this site.",
      },
      altField(found?.node.attrs.alt),
    ],
  })
  if (answer && found) changePicture(editor, found, answer)
  else if (answer) insertBlock(editor, makeFigure(editor.schema, answer))
  editor.view.focus()
}

function changePicture(editor, { node, pos }, answer) {
  const { tr } = editor.state
  if (answer.remove) {
    tr.setSelection(NodeSelection.create(tr.doc, pos)).deleteSelection()
  } else {
    const size = answer.src === node.attrs.src ? {} : { width: null, height: null }
    tr.setNodeMarkup(pos, null, { ...node.attrs, ...answer, ...size })
  }
  editor.view.dispatch(tr)
}

const addresses = (value) => value.split("\n").map((line) => line.trim()).filter(Boolean)

function galleryCheck(value) {
  const found = addresses(value)
  if (found.some((each) => !pictureAddress(each))) return ADDRESS_IS_WRONG
  return found.length > 1 ? null : "A gallery needs two pictures at least."
}

export async function insertGallery(editor) {
  const answer = await ask({
    title: "Gallery",
    submit: "Insert gallery",
    fields: [
      {
        name: "addresses", label: "Addresses of the pictures, one on a line", kind: "lines",
        required: true, check: galleryCheck, help: "Alternative texts are set picture by picture.",
      },
    ],
  })
  if (answer) {
    const { schema } = editor
    const figures = addresses(answer.addresses).map((src) => makeFigure(schema, { src, alt: "" }))
    insertBlock(editor, schema.nodes.gallery.create(null, figures))
  }
  editor.view.focus()
}

/** Puts another picture into the gallery, after the one that the cursor is in. */
export async function addToGallery(editor) {
  const answer = await ask({
    title: "Another picture",
    submit: "Add picture",
    fields: [
      { name: "src", label: "Address", required: true, check: pictureCheck },
      altField(),
    ],
  })
  const found = figureAt(editor.state)
  if (answer && found) {
    const { tr } = editor.state
    tr.insert(found.pos + found.node.nodeSize, makeFigure(editor.schema, answer))
    editor.view.dispatch(tr)
  }
  editor.view.focus()
}

export const insertTable = (editor) => insertBlock(editor, makeTable(editor.schema, 3, 3))

export const insertDivider = (editor) =>
  insertBlock(editor, editor.schema.nodes.horizontalRule.create())

export async function editLanguage(editor) {
  const answer = await ask({
    title: "Code",
    submit: "Set language",
    fields: [
      {
        name: "language", label: "Programming language", value: editor.getAttributes("codeBlock").language,
        help: "Such as python; left empty, none.",
        check: (value) =>
          /^[A-Za-z0-9+#._-]{1,40}$/.test(value.trim()) ? null : "Letters, digits and + # . _ - only.",
      },
    ],
  })
  if (answer) editor.commands.updateAttributes("codeBlock", answer)
  editor.view.focus()
}

export async function editStart(editor) {
  const answer = await ask({
    title: "Numbered list",
    submit: "Set number",
    fields: [
      {
        name: "start", label: "First number", kind: "number", required: true,
        value: editor.getAttributes("orderedList").start,
      },
    ],
  })
  if (answer) editor.commands.updateAttributes("orderedList", { start: Number(answer.start) })
  editor.view.focus()
}
