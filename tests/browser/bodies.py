"""Bodies for the editor: each block of the normal form, and generated ones."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings

from articles.body import clean
from tests.articles.test_body_properties import bodies

EVERY_BLOCK = {
    "paragraph": "<p>Plain, <strong>bold</strong> and <em>italic</em>.</p>",
    "marks": '<p><a href="https://example.org/?a=1&amp;b=&#x27;2&#x27;"><strong><em>both</em>'
    "</strong> x</a>"
    "<u>u</u><s>s</s>H<sub>2</sub>O m<sup>2</sup> <code>a &lt; b</code></p>",
    "breaks": "<p><strong>One<br>two</strong><br>three</p>",
    "headings": "<h2>Two</h2><p>x</p><h3>Three <em>x</em></h3><h4>Four</h4>",
    "spaces": "<p>\u00a0no-break\u00a0 spaces, “quotes”, 'apostrophes' &amp; &lt;tags&gt;"
    "\u200b</p>",
    "lists": "<ul><li><p>One</p><ol><li><p>Inner</p></li></ol></li><li><p>Two</p></li></ul>"
    '<ol start="7"><li><p>Seven</p><p>More</p></li><li><p></p><blockquote><p>Q</p></blockquote>'
    "</li></ol><ul><li><p>Another list</p></li></ul><ul><li><p>And another</p></li></ul>",
    "quote": "<blockquote><p>Said</p><h3>x</h3><ul><li><p>y</p></li></ul></blockquote>",
    "picture": '<figure><img src="/a.jpg" alt=""></figure>',
    "picture with caption": '<figure><img src="https://media.example.org/a.jpg?b=1&amp;c=2"'
    ' alt="A &quot;hill&quot;" width="640" height="480"><figcaption>The <em>hill</em><br>in '
    '<a href="/x">Osh</a> <cite>Photo: A. B.</cite></figcaption></figure>',
    "picture with credit": '<figure><img src="/a.jpg" alt="5"><figcaption><cite>A &amp; B</cite>'
    "</figcaption></figure>",
    "gallery": '<div class="gallery"><figure><img src="/a.jpg" alt="A"></figure><figure>'
    '<img src="/b.jpg" alt="B"><figcaption>B</figcaption></figure></div>',
    "table": '<table><tbody><tr><th colspan="2"><p>Head</p></th></tr><tr><td rowspan="2"><p>a</p>'
    "<ul><li><p>b</p></li></ul></td><td><p></p></td></tr><tr><td><p>c</p></td></tr></tbody></table>",
    "code": '<pre><code class="language-python">if a &lt; b:\n    print("x")\n\n\ty</code></pre>',
    "code without language": "<pre><code>a  b</code></pre>",
    "divider": "<p>Before</p><hr><p>After</p>",
    "divider alone": "<hr>",
    "embed": '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">'
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p>",
    "link with its address in a quote": '<blockquote><p><a href="https://t.me/channel/1">'
    "https://t.me/channel/1</a></p></blockquote>",
}


def generated(count: int) -> list[str]:
    """Bodies that were cleaned from HTML of all kinds, none of them empty, none alike.

    The same ones in each run: what fails in a browser fails again.
    """
    found: dict[str, None] = {}

    @settings(
        max_examples=count * 3,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(bodies)
    def gather(html: str) -> None:
        if stored := clean(html):
            found[stored] = None

    run: Callable[[], None] = gather
    run()
    return list(found)[:count]
