// What the editor knows: the blocks and marks of a body's normal form, and nothing else, because
// an editor destroys what it does not know.

import {
  Blockquote, Bold, BulletList, Code, CodeBlock, Document, Dropcursor, Gapcursor, HardBreak,
  Heading, History, HorizontalRule, Italic, ListItem, Mark, OrderedList, Paragraph, Strike,
  Subscript, Superscript, Text, TrailingNode, Underline,
} from "django-prose-editor/editor"

import { linkAddress } from "./addresses.js"
import { Embeds } from "./embeds.js"
import { Caption, Credit, Figure, Gallery } from "./figures.js"
import { Hints } from "./hints.js"
import { Keys } from "./keys.js"
import { Pasting } from "./pasting.js"
import { Table, TableCell, TableHeader, TableRow } from "./tables.js"

const LANGUAGE = /(?:^|\s)lang(?:uage)?-([A-Za-z0-9+#._-]{1,40})(?:\s|$)/

const Link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: { default: "", parseHTML: () => null } }),
  parseHTML: () => [
    {
      tag: "a[href]",
      getAttrs: (element) => {
        const href = linkAddress(element.getAttribute("href"))
        return href ? { href } : false
      },
    },
  ],
  renderHTML: ({ mark }) => ["a", { href: mark.attrs.href }, 0],
})

// Code has no other mark, and a link is worth more than code.
const InlineCode = Code.extend({
  parseHTML: () => [{ tag: "code", getAttrs: (element) => !element.closest("a[href], pre") && null }],
})

// As the server reads them: a title is a heading, and there are three levels.
const Headings = Heading.extend({
  parseHTML: () =>
    [2, 2, 3, 4, 4, 4].map((level, place) => ({ tag: `h${place + 1}`, attrs: { level } })),
})

const NumberedList = OrderedList.extend({
  addAttributes: () => ({
    start: {
      default: 1,
      parseHTML: (element) => {
        const start = Number.parseInt(element.getAttribute("start"))
        return Number.isNaN(start) ? 1 : start
      },
      renderHTML: ({ start }) => (start === 1 ? {} : { start }),
    },
  }),
  addNodeView: () => null,
})

const Program = CodeBlock.extend({
  addAttributes: () => ({
    language: {
      default: "",
      parseHTML: (element) => {
        const named = [element.querySelector("code"), element]
        return named.map((each) => each?.className.match(LANGUAGE)?.[1]).find(Boolean) ?? ""
      },
      rendered: false,
    },
  }),
})

/** The extensions, in the order in which marks stand in each other; `embeds` are the patterns. */
export const extensions = (embeds) => [
  Document, Paragraph, Text, HardBreak,
  Link, Bold, Italic, Underline, Strike, Subscript, Superscript, InlineCode,
  Headings.configure({ levels: [2, 3, 4] }),
  BulletList, NumberedList, ListItem, Blockquote, HorizontalRule, Program,
  Figure, Caption, Credit, Gallery,
  Table, TableRow, TableCell, TableHeader,
  History, Gapcursor, Dropcursor, TrailingNode.configure({ node: "paragraph" }),
  Keys, Hints, Pasting, Embeds.configure({ patterns: embeds }),
]
