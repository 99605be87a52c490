# ruff: noqa: E501  (a case of HTML is read more easily on one line)
"""`articles.body` by example: what becomes of HTML, rule by rule."""

import pytest

from articles.body import clean, parse

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
EMBED = f'<p><a href="{YOUTUBE}">{YOUTUBE}</a></p>'


def test_it_works() -> None:
    html = (
        "<h1>Тенге</h1><p>Курс <b>вырос</b> на&nbsp;5 %.<br>Рынок ждёт.</p>"
        "<ul><li>доллар<li>евро</ul><img src='/t.jpg' alt='Биржа' width=800 height=600>"
        f"<p>{YOUTUBE}</p>"
    )
    body = parse(html)
    assert body.html == clean(html)
    assert body.html == (
        "<h2>Тенге</h2><p>Курс <strong>вырос</strong> на\u00a05 %.<br>Рынок ждёт.</p>"
        "<ul><li><p>доллар</p></li><li><p>евро</p></li></ul>"
        f'<figure><img src="/t.jpg" alt="Биржа" width="800" height="600"></figure>{EMBED}'
    )
    assert body.text == "Тенге\n\nКурс вырос на\u00a05 %.\nРынок ждёт.\n\nдоллар\nевро"
    assert body.word_count == 9
    assert body.summary == "Тенге Курс вырос на\u00a05 %. Рынок ждёт. доллар евро"
    assert body.excerpt == body.summary
    assert body.image_urls == ["/t.jpg"]
    assert [block["type"] for block in body.blocks] == [
        "heading",
        "paragraph",
        "list",
        "image",
        "embed",
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        (" \n ", ""),
        ("text", "<p>text</p>"),
        ("<p></p><p> </p><p>&nbsp;</p><p><br></p><p><b> </b></p>", ""),
        ("a<p>b</p>c", "<p>a</p><p>b</p><p>c</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<section>a<div>b<article>c</article></div>d</section>", "<p>a</p><p>b</p><p>c</p><p>d</p>"),
        ("<dl><dt>a<dd>b<dt>c<dd><ul><li>d</ul></dl>", "<p>a</p><p>b</p><p>c</p><ul><li><p>d</p></li></ul>"),
        ("<h1>a</h1><h3>b</h3><h6>c</h6>", "<h2>a</h2><h3>b</h3><h4>c</h4>"),
        ("<h2><p>a</p>b</h2>", "<h2>a</h2><h2>b</h2>"),
        ("a<hr>b", "<p>a</p><hr><p>b</p>"),
        ("<p> a \n\t b </p>", "<p>a b</p>"),
        ("<p>a\u00a0 \u00a0b</p>", "<p>a\u00a0 \u00a0b</p>"),
        ("<p>a&nbsp;b&#8203;c</p>", "<p>a\u00a0b\u200bc</p>"),
        ("<p><br>a<br>b<br></p>", "<p>a<br>b</p>"),
        ("<p>a<br> <br>b<br>&nbsp;<br>c</p>", "<p>a</p><p>b</p><p>c</p>"),
        ("<p>a\x00b\x1fc\x7fd\x85e\ufffff\ud800g&#1;h</p>", "<p>abcdefgh</p>"),
        ("a\r\nb\rc\fd\ve", "<p>a b c d e</p>"),
        ("<p>1 &lt; 2 &amp;&amp; 3 > 2</p>", "<p>1 &lt; 2 &amp;&amp; 3 &gt; 2</p>"),
        ("<p>e\u0301 é \u202eabc</p>", "<p>e\u0301 é \u202eabc</p>"),
        ("<p>a<!-- b -->c<script>d</script>e</p>", "<p>ace</p>"),
        ("<form>a <label>b</label> <input> <select><option>c</select></form>", "<p>a b</p>"),
        ("<p style='x' class='y' id='z' lang='ru' onclick='x'>a</p>", "<p>a</p>"),
    ],
)  # fmt: skip
def test_blocks_and_white_space_are_made_regular(html: str, expected: str) -> None:
    assert clean(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a</b><i>b</i><del>c</del><strike>d</strike><ins>e</ins>", "<strong>a</strong><em>b</em><s>cd</s><u>e</u>"),
        ("<sub>a</sub><sup>b</sup><code>c</code><kbd>d</kbd>", "<sub>a</sub><sup>b</sup><code>cd</code>"),
        ("<b>a</b><strong>b</strong>", "<strong>ab</strong>"),
        ("<b>a</b> <b>b</b>", "<strong>a b</strong>"),
        ("<b>a</b> <i>b</i>", "<strong>a</strong> <em>b</em>"),
        ("<b>a</b><br><i>b</i>", "<strong>a</strong><br><em>b</em>"),
        ("<b>a</b><br><b>b</b>", "<strong>a<br>b</strong>"),
        ("<b>a <b>b</b></b>", "<strong>a b</strong>"),
        ("<i><b>a</b></i>", "<strong><em>a</em></strong>"),
        ("<b>a<i>b</i></b>", "<strong>a<em>b</em></strong>"),
        ("<b><a href='/x'>a</a></b>", '<a href="/x"><strong>a</strong></a>'),
        ("a<b></b><i> </i>b", "a b"),
        ("<b>a </b> c", "<strong>a </strong>c"),
        ("<b><i>a</b>b</i>", "<strong><em>a</em></strong><em>b</em>"),
        ("<b><code>a</code></b>", "<code>a</code>"),
        ("<a href='/x'><code>a</code></a>", '<a href="/x">a</a>'),
        ("<span>a</span><font color=red>b</font><x-y>c</x-y>", "abc"),
    ],
)  # fmt: skip
def test_marks_stand_in_one_order_and_none_twice(html: str, expected: str) -> None:
    assert clean(f"<p>{html}</p>") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://e.example/?a=1&amp;b=2#c", "https://e.example/?a=1&amp;b=2#c"),
        ("HTTP://E.example", "http://E.example"),
        ("https://пример.рф/путь", "https://пример.рф/путь"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        (" /a b ", "/a%20b"),
        ("/", "/"),
        ("#note-1", "#note-1"),
        ("mailto:desk@e.example?subject=a b", "mailto:desk@e.example?subject=a%20b"),
        ("TEL:+77272501234", "tel:+77272501234"),
    ],
)
def test_harmless_addresses_are_kept(address: str, expected: str) -> None:
    html = f'<a href="{address}" title="t" rel="nofollow" target="_blank">x</a>'
    assert clean(html) == f'<p><a href="{expected}">x</a></p>'


@pytest.mark.parametrize(
    "address",
    [
        "", "page.html", "?q", "#", "//e.example", "/\\e.example", "\\e", "https:/e", "https://",
        "https://a b/", "https://a@b/", "https://e.example/\tx", "https://e.example/\u00a0",
        "https://e.example\\x", "ftp://e.example", "javascript:x", "data:x", "/" + "x" * 5000,
        "/" + "a b" * 1300,
    ],
)  # fmt: skip
def test_a_link_without_a_usable_address_is_unwrapped(address: str) -> None:
    assert clean(f'a <a href="{address}">b</a>') == "<p>a b</p>"
    assert clean("a <a name=x>b</a>") == "<p>a b</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ol start=3><li>a</ol>", '<ol start="3"><li><p>a</p></li></ol>'),
        ("<ol start=1><li>a</ol>", "<ol><li><p>a</p></li></ol>"),
        ("<ol start=x><li>a</ol>", "<ol><li><p>a</p></li></ol>"),
        ("<ul start=3><li>a<li> <li>b</ul>", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("<ul><li>a<ol><li>b</ol></ul>", "<ul><li><p>a</p><ol><li><p>b</p></li></ol></li></ul>"),
        ("<ul><li>a</li><ul><li>b</ul></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ("<ul>a <b>b</b><li>c</ul>", "<ul><li><p>a <strong>b</strong></p></li><li><p>c</p></li></ul>"),
        ("<ul><li><h2>a</h2></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<ul><li><hr></ul>", "<ul><li><p></p><hr></li></ul>"),
        ("<ul></ul><ol><li></ol>", ""),
        ("<li>a<li>b", "<p>a</p><p>b</p>"),
        ("<blockquote>a<p>b</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<blockquote> </blockquote>", ""),
        ("<pre> a\n  <b>b</b> &lt;</pre>", "<pre><code> a\n  b &lt;</code></pre>"),
        ("<pre><code class='hljs language-c++'>\na\n</code></pre>", '<pre><code class="language-c++">a</code></pre>'),
        ("<pre class=language-py>a<br>b</pre>", '<pre><code class="language-py">a\nb</code></pre>'),
        ("<pre> \n</pre>", ""),
    ],
)  # fmt: skip
def test_lists_quotes_and_code_hold_blocks(html: str, expected: str) -> None:
    assert clean(html) == expected


def rows(*lines: str) -> str:
    return f"<table><tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<tr><td>a<th>b", rows("<td><p>a</p></td><th><p>b</p></th>")),
        (
            "<caption>C <b>d</b></caption><thead><tr><th>a</thead><tfoot><tr><td>b</tfoot>",
            "<p>C <strong>d</strong></p>" + rows("<th><p>a</p></th>", "<td><p>b</p></td>"),
        ),
        (
            "<tr><td colspan=2>a<tr><td>b",
            rows('<td colspan="2"><p>a</p></td>', "<td><p>b</p></td><td><p></p></td>"),
        ),
        ("<tr><td rowspan=9 colspan=1>a", rows("<td><p>a</p></td>")),
        (
            "<tr><td>a<td rowspan=2>b<tr><td colspan=2>c",
            rows('<td><p>a</p></td><td rowspan="2"><p>b</p></td>', "<td><p>c</p></td>"),
        ),
        ("<tr><td colspan=500>a", rows('<td colspan="100"><p>a</p></td>')),
        ("<tr><td colspan=60>a<td colspan=60>b", rows("<td><p>a</p></td><td><p>b</p></td>")),
        ("<tr><td> <tr></tr>", ""),
        ("<tr><td><ul><li>a</ul>", rows("<td><ul><li><p>a</p></li></ul></td>")),
    ],
)
def test_tables_are_rows_of_cells_without_gaps(html: str, expected: str) -> None:
    assert clean(f"<table>{html}</table>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<img src=/i alt=' x  y '>b</p>", '<p>a</p><figure><img src="/i" alt="x y"></figure><p>b</p>'),
        ("<a href=/x><img src=/i></a>", '<figure><img src="/i" alt=""></figure>'),
        ("<img src=/i width=10 height=20px>", '<figure><img src="/i" alt="" width="10"></figure>'),
        (
            "<figure><img src=/i><figcaption>a <b>b</b> <cite>AP</cite></figcaption></figure>",
            '<figure><img src="/i" alt=""><figcaption>a <strong>b</strong> <cite>AP</cite></figcaption></figure>',
        ),
        (
            "<figure><figcaption><p>a</p><p>b</p></figcaption><img src=/i></figure>",
            '<figure><img src="/i" alt=""><figcaption>a<br>b</figcaption></figure>',
        ),
        (
            "<figure><img src=/i><figcaption><cite>Reuters / <b>A</b></cite></figcaption></figure>",
            '<figure><img src="/i" alt=""><figcaption><cite>Reuters / A</cite></figcaption></figure>',
        ),
        ("<figure><img src=/i><figcaption> </figcaption></figure>", '<figure><img src="/i" alt=""></figure>'),
        ("<figure><img src='data:x'><figcaption>a<cite>b</cite></figcaption></figure>", "<p>a</p><p>b</p>"),
        ("<img src='//e.example/i'><img><img src='i.jpg'>", ""),
        (
            "<figure><img src=/1><img src=/2><figcaption>a</figcaption></figure>",
            '<div class="gallery"><figure><img src="/1" alt=""></figure><figure><img src="/2" alt=""></figure></div><p>a</p>',
        ),
        (
            "<figure><ul><li><figure><img src=/1><figcaption>a</figcaption></figure><li><img src=/2></ul></figure>",
            '<div class="gallery"><figure><img src="/1" alt=""><figcaption>a</figcaption></figure><figure><img src="/2" alt=""></figure></div>',
        ),
        ("<div class='x gallery'><img src=/1></div>", '<figure><img src="/1" alt=""></figure>'),
        ("<figure><blockquote>a</blockquote><figcaption>b</figcaption></figure>", "<blockquote><p>a</p></blockquote><p>b</p>"),
    ],
)  # fmt: skip
def test_a_picture_is_a_figure_of_its_own(html: str, expected: str) -> None:
    assert clean(html) == expected


SPOTIFY = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"
RUTUBE = "https://rutube.ru/video/0123456789abcdef0123456789abcdef/"


@pytest.mark.parametrize(
    ("address", "provider", "page"),
    [
        (YOUTUBE, "youtube", YOUTUBE),
        ("http://m.youtube.com/watch?app=x&v=dQw4w9WgXcQ&t=1s", "youtube", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "youtube", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "youtube", YOUTUBE),
        ("https://youtube.com/live/dQw4w9WgXcQ?feature=share", "youtube", YOUTUBE),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0#x", "youtube", YOUTUBE),
        ("https://vimeo.com/76979871", "vimeo", "https://vimeo.com/76979871"),
        ("https://player.vimeo.com/video/7?color=x", "vimeo", "https://vimeo.com/7"),
        ("https://player.vimeo.com/video/7?h=0a1b2c3d", "vimeo", "https://vimeo.com/7/0a1b2c3d"),
        ("https://dai.ly/x8abcde", "dailymotion", "https://www.dailymotion.com/video/x8abcde"),
        ("https://geo.dailymotion.com/player.html?video=x8abcde", "dailymotion", "https://www.dailymotion.com/video/x8abcde"),
        ("https://rutube.ru/play/embed/0123456789abcdef0123456789abcdef", "rutube", RUTUBE),
        ("https://soundcloud.com/artist/track-1?in=x", "soundcloud", "https://soundcloud.com/artist/track-1"),
        (
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/12&color=%23f",
            "soundcloud",
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/12",
        ),
        ("https://open.spotify.com/embed/track/4uLU6hMCjMI75M1A2tKUQC?utm=x", "spotify", SPOTIFY),
        ("https://open.spotify.com/intl-ru/track/4uLU6hMCjMI75M1A2tKUQC", "spotify", SPOTIFY),
        ("https://twitter.com/nasa/status/12?s=20", "x", "https://x.com/nasa/status/12"),
        ("https://t.me/s/durov/68", "telegram", "https://t.me/durov/68"),
        ("https://t.me/durov/68?embed=1", "telegram", "https://t.me/durov/68"),
        ("https://instagram.com/reel/Cabc-_12/?igsh=x", "instagram", "https://www.instagram.com/reel/Cabc-_12/"),
        ("https://www.instagram.com/p/Cabc12/embed/captioned/", "instagram", "https://www.instagram.com/p/Cabc12/"),
        ("https://m.facebook.com/watch/?ref=x&v=12", "facebook", "https://www.facebook.com/watch/?v=12"),
        (
            "https://www.facebook.com/plugins/video.php?height=1&href=https%3A%2F%2Fwww.facebook.com%2Fbbc%2Fvideos%2F12%2F&width=2",
            "facebook",
            "https://www.facebook.com/bbc/videos/12/",
        ),
        ("https://www.tiktok.com/@a.b/video/12?lang=en", "tiktok", "https://www.tiktok.com/@a.b/video/12"),
    ],
)  # fmt: skip
def test_an_address_of_a_provider_is_an_embed_in_each_of_its_forms(
    address: str, provider: str, page: str
) -> None:
    escaped = address.replace("&", "&amp;")
    stored = f'<p><a href="{page}">{page}</a></p>'
    sources = (
        escaped,
        f"<p> {escaped} </p>",
        f'<div><iframe width=5 src="{escaped}" onload=x></iframe></div>',
        f'<figure><div>{escaped}</div></figure>',
        f'<p><a href="{escaped}">{escaped}</a></p>',
        f'<p><a href="{page}">{escaped}</a></p>',
        stored,
    )  # fmt: skip
    for html in sources:
        body = parse(html)
        assert body.html == stored
        (block,) = body.blocks
        assert block["type"] == "embed"
        assert (block["provider"], block["url"]) == (provider, page)
        assert block["html"] == body.served_html
        assert body.served_html.startswith('<div class="embed"><iframe src="https://')
        assert f'data-url="{page}"' in body.served_html
        assert clean(body.served_html) == stored
        assert body.text == ""


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ!",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example/youtu.be/dQw4w9WgXcQ",
        "https://notyoutu.be/dQw4w9WgXcQ",
        "https://youtu-be/dQw4w9WgXcQ",
        "https://x@youtu.be/dQw4w9WgXcQ",
        "https://youtu.be:444/dQw4w9WgXcQ",
        "https://vimeo.com/channels",
        "https://x.com/nasa",
        "https://t.me/durov",
        "https://soundcloud.com/artist/sets",
    ],
)
def test_other_addresses_are_ordinary_text(address: str) -> None:
    assert clean(f"<p>{address}</p>") == f"<p>{address}</p>"


@pytest.mark.parametrize(
    "html",
    [
        f'<p><a href="{YOUTUBE}">Watch the video</a></p>',
        f'<p><a href="https://e.example/">{YOUTUBE}</a></p>',
        f"<p>See {YOUTUBE}</p>",
        f'<p>See <a href="{YOUTUBE}">{YOUTUBE}</a></p>',
        f"<h2>{YOUTUBE}</h2>",
        f"<ul><li><p>{YOUTUBE}</p></li></ul>",
    ],
)
def test_a_link_that_says_more_than_its_address_stays_a_link(html: str) -> None:
    assert clean(html) == html
    assert parse(html).served_html == html


def test_a_frame_from_elsewhere_becomes_a_link_if_it_is_https() -> None:
    link = (
        '<p><a href="https://e.example/map?a=1&amp;b=2">https://e.example/map?a=1&amp;b=2</a></p>'
    )
    assert clean("<iframe src='https://e.example/map?a=1&b=2'></iframe>") == link
    assert (
        clean("a<iframe src='//e.example/map?a=1&amp;b=2'>x</iframe>b") == f"<p>a</p>{link}<p>b</p>"
    )
    assert clean("<iframe src='http://e.example/'></iframe><iframe></iframe>") == ""
