// Pictures: a figure holds two lines, its caption and its credit; a gallery holds figures.

import { Node, pm } from "django-prose-editor/editor"

import { pictureAddress } from "./addresses.js"

const size = (image, name) => {
  const value = image.getAttribute(name) ?? ""
  return /^[0-9]{1,5}$/.test(value) && Number(value) > 0 ? Number(value) : null
}

function attributesOf(image) {
  const src = pictureAddress(image?.getAttribute("src") ?? "")
  if (!src) return false
  const alt = image.getAttribute("alt") ?? ""
  return { src, alt, width: size(image, "width"), height: size(image, "height") }
}

// A figure around a table, a quote or several pictures is none of ours: its parts are read.
function attributesOfFigure(element) {
  const images = element.querySelectorAll("img")
  return images.length === 1 && !element.querySelector("table, blockquote, pre, li")
    ? attributesOf(images[0])
    : false
}

function linesOf(element, schema) {
  const caption = element.querySelector("figcaption")?.cloneNode(true)
  const cites = caption ? [...caption.querySelectorAll("cite")] : []
  const credit = cites.map((cite) => cite.textContent.trim()).join(" ")
  for (const cite of cites) cite.remove()
  for (const image of caption?.querySelectorAll("img") ?? []) image.remove()
  return linesFrom(schema, caption, credit)
}

function linesFrom(schema, caption, credit) {
  const { caption: captionType, credit: creditType } = schema.nodes
  const parser = pm.model.DOMParser.fromSchema(schema)
  return pm.model.Fragment.from([
    caption ? parser.parse(caption, { topNode: captionType.create() }) : captionType.create(),
    creditType.create(null, credit ? schema.text(credit) : null),
  ])
}

const kept = (value) => ({ default: value, parseHTML: () => null }) // read by attributesOf

export const Figure = Node.create({
  name: "figure",
  group: "block",
  content: "caption credit",
  isolating: true,
  draggable: true,
  addAttributes: () => ({
    src: kept(""),
    alt: kept(""),
    width: kept(null),
    height: kept(null),
  }),
  parseHTML: () => [
    { tag: "figure", getAttrs: attributesOfFigure, getContent: linesOf },
    { tag: "img", getAttrs: attributesOf, getContent: (_, schema) => linesFrom(schema, null, "") },
  ],
  renderHTML: ({ node }) => {
    const { src, alt, width, height } = node.attrs
    const image = ["img", { src, alt, width, height, draggable: "false" }]
    return ["figure", ["div", { contenteditable: "false" }, image], ["figcaption", 0]]
  },
})

export const Caption = Node.create({
  name: "caption",
  content: "inline*",
  renderHTML: () => ["div", { class: "caption" }, 0],
})

export const Credit = Node.create({
  name: "credit",
  content: "text*",
  marks: "",
  renderHTML: () => ["cite", { class: "credit" }, 0],
})

export const Gallery = Node.create({
  name: "gallery",
  group: "block",
  content: "figure+",
  isolating: true,
  draggable: true,
  parseHTML: () => [
    { tag: "div.gallery", getAttrs: (element) => element.querySelector("img") !== null && null },
  ],
  renderHTML: () => ["div", { class: "gallery" }, 0],
})

/** A figure without caption and credit. */
export const makeFigure = (schema, attributes) =>
  schema.nodes.figure.create(attributes, linesFrom(schema, null, ""))

/** The figure that is selected or that the cursor is in, as { node, pos }; else null. */
export function figureAt(state) {
  const { selection } = state
  if (selection.node?.type.name === "figure") return { node: selection.node, pos: selection.from }
  const { $from } = selection
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth)
    if (node.type.name === "figure") return { node, pos: $from.before(depth) }
  }
  return null
}
