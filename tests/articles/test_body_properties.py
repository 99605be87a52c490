"""Promises about every body, held to generated ones."""

import json
import os
import re
from html import escape, unescape

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles.body import clean, first_words, parse, words
from articles.body.addresses import link_address
from tests.articles.test_body_safety import ATTACKS, UNSTORABLE, assert_safe

thorough = settings(
    max_examples=int(os.environ.get("BODY_EXAMPLES", "250")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

TAGS = (
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "figure",
    "figcaption", "cite", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "pre",
    "code", "hr", "br", "img", "a", "b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup",
    "span", "section", "dl", "dt", "dd", "iframe", "script", "style", "svg", "math", "noscript",
    "template", "title", "textarea", "select", "option", "button", "form", "video", "object",
    "font", "center", "x-y", "wbr", "body", "html", "head", "kbd", "menu", "picture",
)  # fmt: skip
URLS = (
    "/a", "/a b", "//h", "/\\h", "#f", "https://e.example/?a=1&b=2", "http://e.example/é'\"<>",
    "javascript:x", "data:x", "mailto:a@b.example", "tel:+1 2", "HTTPS://E.example",
    "https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "//player.vimeo.com/video/1?h=abcdef0", "https://x.com/user/status/12",
    "https://www.facebook.com/watch/?v=1", "https://t.me/channel/1", "https://e.example/v", "",
    "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1&color=1",
)  # fmt: skip
ATTRIBUTES = (
    *(f'{name}="{url}"' for name in ("href", "src", "data-url") for url in URLS if '"' not in url),
    "alt='a \u00a0&quot;b<'", "width=10", "height=0", "colspan=2", "rowspan='3'", "rowspan=99",
    "colspan=1000", "start=3", "start=-0", "class=gallery", 'class="language-py x"',
    "class='embed'", "onclick=x", "style='x'", "id=a", "/", "'", '"', "=", "title='</p>'",
)  # fmt: skip
TEXTS = (
    "word", " ", "\u00a0", "слово", "a  b\n c", "&amp;", "&nbsp;", "&lt;b&gt;", "&", "<", ">", "'",
    "\n\n", "&#1;", "\x00", "\r\n", "\u200b", "\u2029", "\x0b", "\x85", "\ud800", "\uffff", '"',
    "https://youtu.be/dQw4w9WgXcQ", "<!--", "-->", "<![CDATA[", "]]>", "\u202e", "&copy=1", "&#13;",
)  # fmt: skip

attributes = st.lists(st.sampled_from(ATTRIBUTES), max_size=3).map(" ".join)
start_tags = st.builds("<{} {}>".format, st.sampled_from(TAGS), attributes)
end_tags = st.sampled_from(TAGS).map("</{}>".format)
texts = st.sampled_from(TEXTS) | st.text(max_size=5)
nested = st.recursive(
    texts,
    lambda inner: st.builds(
        lambda tag, attributes, parts: f"<{tag} {attributes}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        attributes,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)
soup = st.lists(start_tags | end_tags | texts, max_size=40).map("".join)
raw = st.text(alphabet="<>&\"'/ =!-abp\n\u00a0ж;#1\x00")
attacks = st.lists(st.sampled_from(ATTACKS) | texts | start_tags, max_size=4).map("".join)
bodies = st.lists(nested, max_size=4).map("".join) | soup | raw | attacks


@example("<p><b>a</b> <b>b</b><br> <i> </i></p>")
@example("<ul><ul><li>a</li></ul><p></p></ul>")
@given(bodies)
@thorough
def test_the_normal_form_is_stable_and_every_form_keeps_its_promises(html: str) -> None:
    stored = clean(html)
    assert clean(stored) == stored
    body = parse(html)
    assert body.html == stored
    assert parse(stored) == body
    assert clean(body.served_html) == stored
    assert_safe(body)
    assert body.word_count == len(words(body.text))
    assert body.excerpt == first_words(body.text, 500)
    assert body.summary == first_words(body.text, 60)
    assert not UNSTORABLE.search(body.text)
    assert bool(stored) == bool(body.blocks)
    json.dumps(body.blocks).encode()


visible = st.recursive(
    st.sampled_from(("word ", " слово", "x", "<br>", "<hr>", "<img src=/i>", "5&nbsp;%")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(
            [
                "p",
                "div",
                "h1",
                "h4",
                "ul",
                "ol",
                "li",
                "blockquote",
                "b",
                "i",
                "code",
                "sup",
                "a",
                "span",
                "x-y",
                "section",
                "dl",
                "dd",
                "pre",
            ]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@given(st.lists(visible, max_size=4).map("".join))
@thorough
def test_no_visible_text_is_lost_and_its_order_is_kept(html: str) -> None:
    seen = unescape(re.sub("<[^>]*>", "", html))
    assert "".join(words(parse(html).text)) == "".join(words(seen))


@given(st.lists(st.text(alphabet="ab<&>\"' \u00a0ж\n", min_size=1), max_size=8))
@thorough
def test_text_that_was_escaped_comes_back_as_it_was(lines: list[str]) -> None:
    body = parse("".join(f"<p>{escape(line)}</p>" for line in lines))
    expected = [" ".join(words(line)) for line in lines if line.strip()]
    assert body.text == "\n\n".join(expected)


@given(st.text() | st.sampled_from(URLS))
@thorough
def test_an_address_that_passes_passes_unchanged(value: str) -> None:
    address = link_address(value)
    if address is not None:
        assert link_address(address) == address
        assert not any(character.isspace() or character == "\\" for character in address)
