// What stands where nothing is written yet, in grey.

import { Extension, Plugin, pm } from "django-prose-editor/editor"

const { Decoration, DecorationSet } = pm.view

function hintFor(node, doc) {
  if (node.type.name === "caption") return "Caption"
  if (node.type.name === "credit") return "Credit"
  const empty = doc.childCount === 1 && node === doc.firstChild && node.type.name === "paragraph"
  return empty ? "Write here, or paste. An address of a video or post alone on a line is embedded." : null
}

function hints({ doc }) {
  const found = []
  doc.descendants((node, pos) => {
    const hint = node.isTextblock && !node.content.size ? hintFor(node, doc) : null
    if (hint) {
      found.push(Decoration.node(pos, pos + node.nodeSize, { class: "hinted", "data-hint": hint }))
    }
  })
  return DecorationSet.create(doc, found)
}

export const Hints = Extension.create({
  name: "hints",
  addProseMirrorPlugins: () => [new Plugin({ props: { decorations: hints } })],
})
