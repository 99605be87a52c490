"""What other programs put on the clipboard, in samples of our own, and what should come of it."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta charset=utf-8><style><!-- p.MsoNormal {margin:0cm; font-size:11pt} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1>Water<o:p></o:p></h1>
<p class=MsoNormal><b><span lang=EN-GB style='font-size:14.0pt;mso-bidi-font-size:11.0pt'>The
reservoir</span></b><span style='color:red'> is <i>almost</i> full.</span><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>One<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>Inner<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>Two<o:p></o:p></p>
<p class=MsoNormal>After <a href="https://example.org/"><span style='color:blue'>it</span></a><a
href="#_ftn1" name="_ftnref1">[1]</a>.</p>
<table class=MsoTableGrid border=1><tr><td width=100 valign=top style='width:75pt'><p class=MsoNormal>a</p></td>
<td><p class=MsoNormal><o:p>&nbsp;</o:p></p></td></tr></table>
<img src="file:///C:/Temp/msohtmlclip1/01/clip_image002.jpg">
<!--EndFragment--></body></html>"""

FROM_WORD = (
    "<h2>Water</h2><p><strong>The reservoir</strong> is <em>almost</em> full.</p>"
    "<ul><li><p>One</p><ol><li><p>Inner</p></li></ol></li><li><p>Two</p></li></ul>"
    '<p>After <a href="https://example.org/">it</a>[1].</p>'
    "<table><tbody><tr><td><p>a</p></td><td><p></p></td></tr></tbody></table>"
)

GOOGLE_DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-3c5a">
<h2 dir="ltr" style="line-height:1.38"><span style="font-size:16pt;font-weight:400">Water</span></h2>
<p dir="ltr" style="line-height:1.38;margin-top:0pt"><span style="font-size:11pt;font-weight:400;font-style:normal;text-decoration:none">Plain, </span><span style="font-size:11pt;font-weight:700;font-style:normal">bold</span><span style="font-weight:400">, </span><span style="font-weight:400;font-style:italic">italic</span><span style="font-weight:400">, </span><span style="font-weight:700;font-style:italic;text-decoration:underline">all</span><span style="font-weight:400">, m</span><span style="font-weight:400"><span style="font-size:0.6em;vertical-align:super">2</span></span><span style="font-weight:400;text-decoration:line-through"> gone</span></p><br />
<p dir="ltr"><a href="https://example.org/" style="text-decoration:none"><span style="color:#1155cc;font-weight:400;text-decoration:underline">link</span></a></p>
<ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc;font-weight:400" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400">One</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span style="font-weight:400">Inner</span></p></li></ul></ul>
</b><br class="Apple-interchange-newline">"""

FROM_GOOGLE_DOCS = (
    "<h2>Water</h2><p>Plain, <strong>bold</strong>, <em>italic</em>, <strong><em><u>all</u></em>"
    "</strong>, m<sup>2</sup><s> gone</s></p>"
    '<p><a href="https://example.org/">link</a></p>'
    "<ul><li><p>One</p><ul><li><p>Inner</p></li></ul></li></ul>"
)

PAGE = """<div class="story" style="font-family:Georgia"><style>p{color:red}</style><h1>Water</h1>
<div><p style="font-weight: 400">The <font color="red">reservoir</font>
   is <span style="font-weight: bold">full</span>.</p><p>&nbsp;</p>
<script>alert(1)</script><svg><text>logo</text></svg></div>
<figure class="wp-block-image"><a href="/big"><img src="https://media.example.org/a.jpg" alt="A hill"
 width="640" height="480" style="width:100%" onerror="alert(1)"></a>
<figcaption>The hill <cite>A. B.</cite></figcaption></figure>
<p><a href="javascript:alert(1)">bad</a> <a href="/good" target="_blank" onclick="x()">good</a></p>
<img src="data:image/png;base64,AAAA"><h5>Small</h5>
<iframe src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe>
<table><caption>Levels</caption><thead><tr><th scope="col">Year</th></tr></thead>
<tbody><tr><td>2026</td></tr></tbody></table><button>Share</button></div>"""

FROM_PAGE = (
    "<h2>Water</h2><p>The reservoir is <strong>full</strong>.</p>"
    '<figure><img src="https://media.example.org/a.jpg" alt="A hill" width="640" height="480">'
    "<figcaption>The hill <cite>A. B.</cite></figcaption></figure>"
    '<p>bad <a href="/good">good</a></p><h4>Small</h4>'
    '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">'
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p><p>Levels</p>"
    "<table><tbody><tr><th><p>Year</p></th></tr><tr><td><p>2026</p></td></tr></tbody></table>"
)
