"""No body does harm: what leaves `articles.body` holds nothing but a short list of HTML."""

import re
from html.parser import HTMLParser
from typing import Any

import nh3
import pytest

from articles.body import Body, parse

TEXT_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "figure", "img", "figcaption", "cite",
    "div", "table", "tbody", "tr", "td", "th", "pre", "code", "hr", "br",
    "a", "strong", "em", "u", "s", "sub", "sup",
}  # fmt: skip
VOID = {"br", "hr", "img"}
NUMBER = re.compile(r"[1-9][0-9]{0,4}")
SPAN = re.compile(r"[2-9]|[1-9][0-9]|100")
LINK = re.compile(
    r"(https?://[^\s\\@/]+(?:[/?#][^\s\\]*)?|mailto:[^\s\\]+|tel:[^\s\\]+|/(?![/\\])[^\s\\]*|#[^\s\\]+)"
)
PICTURE = re.compile(r"(https?://[^\s\\@/]+(?:[/?#][^\s\\]*)?|/(?![/\\])[^\s\\]*)")
ATTRIBUTES: dict[tuple[str, str], re.Pattern[str]] = {
    ("a", "href"): LINK,
    ("img", "src"): PICTURE,
    ("img", "alt"): re.compile(r"[^\x00-\x1f]*"),
    ("img", "width"): NUMBER,
    ("img", "height"): NUMBER,
    ("ol", "start"): re.compile(r"0|-?[1-9][0-9]*"),
    ("td", "colspan"): SPAN,
    ("td", "rowspan"): SPAN,
    ("th", "colspan"): SPAN,
    ("th", "rowspan"): SPAN,
    ("code", "class"): re.compile(r"language-[A-Za-z0-9+#._-]{1,40}"),
    ("div", "class"): re.compile("gallery"),
}
PLAYER = re.compile(
    r"https://(www\.youtube-nocookie\.com/embed/[\w-]{11}|player\.vimeo\.com/video/\d+(\?h=[0-9a-f]+)?"
    r"|www\.dailymotion\.com/embed/video/\w+|rutube\.ru/play/embed/[0-9a-f]{32}"
    r"|w\.soundcloud\.com/player/\?url=https%3A//(api\.)?soundcloud\.com/[\w/-]+"
    r"|open\.spotify\.com/embed/[a-z]+/\w{22}|platform\.twitter\.com/embed/Tweet\.html\?id=\d+"
    r"|t\.me/\w+/\d+\?embed=1|www\.instagram\.com/[a-z]+/[\w-]+/embed/"
    r"|www\.facebook\.com/plugins/video\.php\?show_text=false&href=https%3A//www\.facebook\.com/[\w.%/-]+"
    r"|www\.tiktok\.com/embed/v2/\d+)",
    re.ASCII,
)
SERVED_ATTRIBUTES = ATTRIBUTES | {
    ("div", "class"): re.compile("gallery|embed"),
    ("iframe", "src"): PLAYER,
    ("iframe", "data-url"): PICTURE,
    ("iframe", "title"): re.compile(r"[\w ]+"),
    ("iframe", "loading"): re.compile("lazy"),
    ("iframe", "sandbox"): re.compile(r"(allow-(scripts|same-origin|popups[a-z-]*|presentation) ?)+"),
    ("iframe", "referrerpolicy"): re.compile("strict-origin-when-cross-origin"),
    ("iframe", "allow"): re.compile(r"[a-z; -]+"),
    ("iframe", "allowfullscreen"): re.compile(""),
}  # fmt: skip
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Checker(HTMLParser):
    """Fails on any tag, attribute or address that is not on the list, and on bad nesting."""

    def __init__(self, *, served: bool) -> None:
        super().__init__()
        self.tags = TEXT_TAGS | ({"iframe"} if served else set())
        self.attributes = SERVED_ATTRIBUTES if served else ATTRIBUTES
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.tags, tag
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), attrs
        for name, value in attrs:
            allowed = self.attributes.get((tag, name))
            assert allowed is not None, (tag, name, value)
            assert value is not None, (tag, name)
            assert allowed.fullmatch(value), (tag, name, value)
        assert {"img": {"src", "alt"}, "a": {"href"}, "iframe": {"src", "sandbox"}}.get(
            tag, set()
        ) <= set(names)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def check(html: str, *, served: bool = False) -> None:
    assert not UNSTORABLE.search(html)
    checker = Checker(served=served)
    checker.feed(html)
    checker.close()
    assert not checker.open, checker.open
    assert html.count("<") == html.count(">")


def html_in(block: Any) -> list[str]:
    """Every `html` at any depth of a block."""
    if isinstance(block, dict):
        own = [block["html"]] if "html" in block else []
        return own + [html for value in block.values() for html in html_in(value)]
    if isinstance(block, list):
        return [html for value in block for html in html_in(value)]
    return []


def assert_safe(body: Body) -> None:
    """Nothing in any form of the body is outside the list; a second sanitiser finds nothing."""
    check(body.html)
    check(body.served_html, served=True)
    for html in html_in(body.blocks):
        check(html, served=True)
    for url in body.image_urls:
        assert PICTURE.fullmatch(url)
    attributes = {"a": {"href"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"}}
    attributes |= {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
    attributes |= {"code": {"class"}, "div": {"class"}}
    again = nh3.clean(body.html, tags=TEXT_TAGS, attributes=attributes, link_rel=None)
    assert unescaped(again) == unescaped(body.html)


def unescaped(html: str) -> str:
    return html.replace("&nbsp;", "\u00a0").replace("&#x27;", "'").replace("&quot;", '"')


YOUTUBE = "https://www.youtube.com/embed/dQw4w9WgXcQ"
ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script\t\n>",
    "<p onclick=alert(1)>x</p>",
    "<p/onclick=alert(1)/x>y</p>",
    "<p ONCLICK='alert(1)' onmouseover=alert(1)>x",
    "<img src=x onerror=alert(1)>",
    "<img src='/a.jpg' onerror=alert(1) onload=alert(1)>",
    "<img/src='/a.jpg'/onerror=alert(1)>",
    '<img src="/a.jpg" alt="&quot; onerror=alert(1) x=&quot;">',
    '<img src="/a.jpg" alt="`><script>alert(1)</script>">',
    '<img src="/a.jpg?&quot;onerror=alert(1)//">',
    "<img src=`/a.jpg`onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    "<img src=data:image/svg+xml,<svg/onload=alert(1)>>",
    "<img src=//evil.example/track.gif>",
    "<img src='/\\evil.example/track.gif'>",
    "<img srcset='javascript:alert(1) 1x' src=/a.jpg>",
    "<img lowsrc=javascript:alert(1) dynsrc=javascript:alert(1) src=/a.jpg>",
    "<image src=x onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='java&#1;script:alert(1)'>x</a>",
    "<a href='&#x6A;&#x61vascript&#58;alert(1)'>x</a>",
    "<a href='&#0000106avascript:alert(1)'>x</a>",
    "<a href='javascript&#x3a;alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href='view-source:javascript:alert(1)'>x</a>",
    "<a href='blob:https://x.example/1'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='/\\evil.example'>x</a>",
    "<a href='\\\\evil.example'>x</a>",
    "<a href='/\t/evil.example'>x</a>",
    "<a href='/&#9;/evil.example'>x</a>",
    "<a href='/&#10;\\evil.example'>x</a>",
    "<a href='https:\\\\evil.example'>x</a>",
    "<a href='https:/evil.example'>x</a>",
    "<a href='https:evil.example'>x</a>",
    "<a href='https://good.example@evil.example/'>x</a>",
    "<a href='https://good.example\\@evil.example/'>x</a>",
    "<a href='https://ev\u200bil.example/'>x</a>",
    "<a href=https://x.example target=_blank ping=//evil.example style=color:red id=a class=b>x</a>",
    "<a href='#' name=body>x</a>",
    "<a href='https://x.example/\"onmouseover=alert(1)'>x</a>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    f"<iframe src={YOUTUBE} srcdoc='<script>alert(1)</script>' onload=alert(1)></iframe>",
    f"<iframe src='{YOUTUBE}?\"><script>alert(1)</script>'></iframe>",
    "<iframe src='https://www.youtube.com.evil.example/embed/dQw4w9WgXcQ'></iframe>",
    "<iframe src='https://evil.example/https://www.youtube.com/embed/dQw4w9WgXcQ'></iframe>",
    "<iframe src='https://www.youtube.com@evil.example/embed/dQw4w9WgXcQ'></iframe>",
    "<iframe src='/x' data-url='javascript:alert(1)'></iframe>",
    "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
    "<iframe src='https://evil.example/\"onload=\"alert(1)'></iframe>",
    "<iframe><script>alert(1)</script></iframe>",
    "<object data=javascript:alert(1)><p>x</p></object><embed src=javascript:alert(1)>",
    "<applet code=x></applet><frameset><frame src=javascript:alert(1)></frameset>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><![CDATA[</svg><img src=1 onerror=alert(1)>]]></svg>",
    "<svg/><img src=/a.jpg onerror=alert(1)>",
    "<math><mi xlink:href='data:x,<script>alert(1)</script>'>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<noembed><img title='</noembed><img src onerror=alert(1)>'></noembed>",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<select><style></select><img src=x onerror=alert(1)></style></select>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><!--</style><script>alert(1)</script>--></style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style=width:expression(alert(1)) class='gallery evil' id=x><img src=/a><img src=/b></div>",
    "<table background=javascript:alert(1)><tr><td background=javascript:alert(1) colspan='2 onclick=x'>x",
    "<link rel=stylesheet href=//evil.example/x.css><meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//evil.example/><a href=x>y</a>",
    "<form action=javascript:alert(1)><input type=submit formaction=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex action=javascript:alert(1) type=submit>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details><marquee onstart=alert(1)>x</marquee>",
    "<x contenteditable onblur=alert(1)>x</x><body onload=alert(1)>",
    "<custom-element onclick=alert(1)><p is=x>y</custom-element>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<!-- <img title='--><img src=x onerror=alert(1)>'>",
    "<!-- unclosed <script>alert(1)</script>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?php echo '<script>alert(1)</script>' ?>",
    "<!DOCTYPE x [<!ENTITY y '<script>alert(1)</script>'>]>&y;",
    "</script><script>alert(1)</script",
    "<</p>script>alert(1)<</p>/script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "<p title='<script>alert(1)</script>",
    "<code class='language-x\" onclick=\"alert(1)'>x</code><pre><code class='language-<script>'>y</code></pre>",
    "<ol start='1\" onclick=\"alert(1)'><li>x</ol>",
    "<figure><img src=/a.jpg width='1 onload=x' height=1e9><figcaption><script>alert(1)</script><cite><img src=x onerror=alert(1)>AP</cite></figcaption></figure>",
    "\ufeff\ud800\udfff\x00\x1b<p>\uffff\ufdd0x&#xd800;&#xffff;&#x1f;&#x85;</p>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<p>\u202etxt.exe</p>",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "frame",
    ["{}", "<p>a {} b</p>", "<ul><li>{}</ul>", "<table><tr><td>{}", "<svg>{}", "<pre>{}</pre>"],
)
def test_nothing_dangerous_survives(attack: str, frame: str) -> None:
    assert_safe(parse(frame.replace("{}", attack)))


def test_the_checker_itself_refuses_what_it_should() -> None:
    for html in (
        "<script></script>",
        "<p onclick='x'></p>",
        "<a href='javascript:x'>y</a>",
        "<a href='//x'>y</a>",
        "<img src='data:x' alt=''>",
        "<p><em></p></em>",
        "<!-- x -->",
        "<iframe src='https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ'></iframe>",
    ):
        with pytest.raises(AssertionError):
            check(html)


def test_hidden_elements_go_with_their_contents() -> None:
    html = "<script>a</script><style>b</style><template>c</template><svg>d</svg><math>e</math>"
    html += "<noscript>f</noscript><object>g</object><textarea>h</textarea><select>i</select>"
    assert parse(html + "<!-- j -->k").html == "<p>k</p>"
    assert parse("<svg/>a<svg><svg>b</svg>c</svg>d<svg>e").html == "<p>ad</p>"
