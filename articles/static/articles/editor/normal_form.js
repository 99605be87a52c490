// The normal form of bodies (articles/body/__init__.py): read into the editor's document, and
// written from it. What is written is what the server makes of it, but for blank text.

import { pm } from "django-prose-editor/editor"
import { parse } from "./parsing.js"

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strike: "s",
  subscript: "sub",
  superscript: "sup",
  code: "code",
}
const MARKS = Object.keys(TAGS)
const written = new WeakMap() // nodes never change, so that a key costs the writing of one block

const inText = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
const inAttribute = (text) =>
  inText(text).replaceAll('"', "&quot;").replaceAll("'", "&#x27;")

/** The document that `html` says, which ends with a paragraph to write on in. */
export function read(html, schema) {
  const page = parse(html)
  const doc = pm.model.DOMParser.fromSchema(schema).parse(page.body)
  if (doc.lastChild?.type.name === "paragraph") return doc
  return doc.copy(doc.content.addToEnd(schema.nodes.paragraph.create()))
}

/** The HTML of a document, in normal form. */
export const write = (doc) => blocksOf(doc).join("")

/** The same for people: each block at the top on a line of its own. */
export const writeLines = (doc) => blocksOf(doc).join("\n")

function blocksOf(node) {
  const blocks = []
  node.forEach((child) => {
    if (!isBlank(child)) blocks.push(block(child))
  })
  return blocks
}

const isBlank = (node) => node.isTextblock && !node.content.size && node.type.name !== "caption"

function block(node) {
  if (!written.has(node)) written.set(node, WRITERS[node.type.name](node))
  return written.get(node)
}

const inside = (node) => blocksOf(node).join("")
const children = (node) => node.content.content.map(block).join("")

const WRITERS = {
  paragraph: (node) => `<p>${inline(node)}</p>`,
  heading: (node) => `<h${node.attrs.level}>${inline(node)}</h${node.attrs.level}>`,
  bulletList: (node) => `<ul>${children(node)}</ul>`,
  orderedList: (node) => {
    const start = node.attrs.start === 1 ? "" : ` start="${node.attrs.start}"`
    return `<ol${start}>${children(node)}</ol>`
  },
  listItem: item,
  blockquote: (node) => `<blockquote>${inside(node)}</blockquote>`,
  figure,
  gallery: (node) => `<div class="gallery">${children(node)}</div>`,
  table: (node) => `<table><tbody>${children(node)}</tbody></table>`,
  tableRow: (node) => `<tr>${children(node)}</tr>`,
  tableCell: (node) => cell(node, "td"),
  tableHeader: (node) => cell(node, "th"),
  codeBlock: (node) => {
    const { language } = node.attrs
    const start = language ? `<code class="language-${inAttribute(language)}">` : "<code>"
    return `<pre>${start}${inText(node.textContent)}</code></pre>`
  },
  horizontalRule: () => "<hr>",
}

// An item begins with its paragraph, be there text in it or not.
function item(node) {
  const first = node.firstChild
  return `<li>${isBlank(first) ? "<p></p>" : ""}${inside(node)}</li>`
}

function cell(node, tag) {
  const { colspan, rowspan } = node.attrs
  const spans =
    (colspan > 1 ? ` colspan="${colspan}"` : "") + (rowspan > 1 ? ` rowspan="${rowspan}"` : "")
  return `<${tag}${spans}>${inside(node) || "<p></p>"}</${tag}>`
}

function figure(node) {
  const { src, alt, width, height } = node.attrs
  const size = (width ? ` width="${width}"` : "") + (height ? ` height="${height}"` : "")
  const image = `<img src="${inAttribute(src)}" alt="${inAttribute(alt)}"${size}>`
  const credit = node.child(1).textContent.trim()
  const caption = [inline(node.child(0)), credit && `<cite>${inText(credit)}</cite>`]
    .filter(Boolean)
    .join(" ")
  return `<figure>${image}${caption && `<figcaption>${caption}</figcaption>`}</figure>`
}

// Text with its marks; an element that neighbours share is written once.
function inline(node) {
  let html = ""
  let open = []
  node.forEach((child) => {
    const tags = startTags(child)
    let shared = 0
    while (shared < open.length && open[shared] === tags[shared]) shared++
    html += endTags(open.slice(shared)) + tags.slice(shared).join("")
    html += child.isText ? inText(child.text) : "<br>"
    open = tags
  })
  return html + endTags(open)
}

function startTags(node) {
  const link = node.marks.find((mark) => mark.type.name === "link")
  const names = new Set(node.marks.map((mark) => mark.type.name))
  return [
    ...(link ? [`<a href="${inAttribute(link.attrs.href)}">`] : []),
    ...MARKS.filter((name) => names.has(name)).map((name) => `<${TAGS[name]}>`),
  ]
}

const endTags = (tags) =>
  tags.reverse().map((tag) => (tag.startsWith("<a ") ? "</a>" : tag.replace("<", "</"))).join("")
