"""Embeds: addresses of items at known providers, and the frames that play them.

To add a provider, add an entry to `_PROVIDERS`. A frame is built from our own template and from
what a strict pattern captured, never from somebody's HTML.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qs

from articles.body.addresses import LONGEST

# Scripts of the provider run in its own origin; it may open pages, but not navigate ours.
_SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
_FRAME = (
    '<div class="embed"><iframe src="{player}" title="{title}" data-url="{url}" loading="lazy"'
    f' sandbox="{_SANDBOX} allow-presentation" referrerpolicy="strict-origin-when-cross-origin"'
    ' allow="encrypted-media; fullscreen; picture-in-picture" allowfullscreen=""></iframe></div>'
)


@dataclass(frozen=True, slots=True)
class Embed:
    """An item at a provider: the address of its page (canonical) and that of its player."""

    provider: str
    title: str
    url: str
    player: str

    def frame(self) -> str:
        """The HTML that readers get; its `data-url` lets `clean` find the page again."""
        return _FRAME.format(
            player=escape(self.player), title=escape(self.title), url=escape(self.url)
        )


class _Provider(NamedTuple):
    """A kind of item: `url` and `player` are filled with what one of `patterns` captured.

    A pattern matches host, path and query whole, `url` among others: the host is never guessed.
    """

    name: str
    title: str
    url: str
    player: str
    patterns: tuple[str, ...]


_VIDEO = "(?P<id>[A-Za-z0-9_-]{11})"
_NUMBER = "(?P<id>[0-9]{1,20})"
_NAME = "[A-Za-z0-9_-]{1,100}"
_TAIL = r"/?(?:\?.*)?"
_MORE = "(?:&.*)?"
_DAILYMOTION_ID = "(?P<id>[A-Za-z0-9]{5,20})"
_SOUNDCLOUD_API = "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/{kind}/{id}"
_FACEBOOK_PLAYER = (
    "https://www.facebook.com/plugins/video.php?show_text=false&href=https%3A//www.facebook.com"
)

_PROVIDERS = (
    _Provider(
        "youtube",
        "YouTube video",
        "https://www.youtube.com/watch?v={id}",
        "https://www.youtube-nocookie.com/embed/{id}",
        (
            rf"(?:(?:www|m|music)\.)?youtube\.com/watch/?\?(?:.*&)?v={_VIDEO}{_MORE}",
            rf"(?:(?:www|m)\.)?youtube(?:-nocookie)?\.com/(?:shorts|live|embed|v)/{_VIDEO}{_TAIL}",
            rf"youtu\.be/{_VIDEO}{_TAIL}",
        ),
    ),
    _Provider(
        "vimeo",
        "Vimeo video",
        "https://vimeo.com/{id}/{key}",
        "https://player.vimeo.com/video/{id}?h={key}",
        (
            rf"(?:www\.)?vimeo\.com/{_NUMBER}/(?P<key>[0-9a-f]{{6,20}}){_TAIL}",
            rf"player\.vimeo\.com/video/{_NUMBER}/?\?(?:.*&)?h=(?P<key>[0-9a-f]{{6,20}}){_MORE}",
        ),
    ),
    _Provider(
        "vimeo",
        "Vimeo video",
        "https://vimeo.com/{id}",
        "https://player.vimeo.com/video/{id}",
        (rf"(?:(?:www\.)?vimeo\.com|player\.vimeo\.com/video)/{_NUMBER}{_TAIL}",),
    ),
    _Provider(
        "dailymotion",
        "Dailymotion video",
        "https://www.dailymotion.com/video/{id}",
        "https://www.dailymotion.com/embed/video/{id}",
        (
            rf"(?:www\.)?dailymotion\.com/(?:embed/)?video/{_DAILYMOTION_ID}{_TAIL}",
            rf"geo\.dailymotion\.com/player(?:/\w+)?\.html\?(?:.*&)?video={_DAILYMOTION_ID}{_MORE}",
            rf"dai\.ly/{_DAILYMOTION_ID}{_TAIL}",
        ),
    ),
    _Provider(
        "rutube",
        "Rutube video",
        "https://rutube.ru/video/{id}/",
        "https://rutube.ru/play/embed/{id}",
        (rf"(?:www\.)?rutube\.ru/(?:video|play/embed|shorts)/(?P<id>[0-9a-f]{{32}}){_TAIL}",),
    ),
    _Provider(
        "soundcloud",
        "SoundCloud player",
        "https://soundcloud.com/{user}/{id}",
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/{user}/{id}",
        (
            (
                rf"(?:(?:www|m)\.)?soundcloud\.com/(?P<user>{_NAME})/"
                rf"(?P<id>(?:sets/)?(?!(?:sets|tracks|albums|likes)\b){_NAME}){_TAIL}"
            ),
        ),
    ),
    _Provider(
        "soundcloud",
        "SoundCloud player",
        _SOUNDCLOUD_API,  # its embed codes do not say which page they come from
        _SOUNDCLOUD_API,
        (rf"api\.soundcloud\.com/(?P<kind>tracks|playlists)/(?:soundcloud:\w+:)?{_NUMBER}",),
    ),
    _Provider(
        "spotify",
        "Spotify player",
        "https://open.spotify.com/{kind}/{id}",
        "https://open.spotify.com/embed/{kind}/{id}",
        (
            (
                r"open\.spotify\.com/(?:intl-[a-z]{2}/)?(?:embed/)?"
                r"(?P<kind>track|album|playlist|episode|show|artist)/"
                rf"(?P<id>[A-Za-z0-9]{{22}}){_TAIL}"
            ),
        ),
    ),
    _Provider(
        "x",
        "Post on X",
        "https://x.com/{user}/status/{id}",
        "https://platform.twitter.com/embed/Tweet.html?id={id}",
        (
            (
                r"(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com/(?P<user>[A-Za-z0-9_]{1,20})/"
                rf"status(?:es)?/{_NUMBER}{_TAIL}"
            ),
        ),
    ),
    _Provider(
        "telegram",
        "Telegram post",
        "https://t.me/{user}/{id}",
        "https://t.me/{user}/{id}?embed=1",
        (rf"(?:t|telegram)\.me/(?:s/)?(?P<user>[A-Za-z][A-Za-z0-9_]{{3,31}})/{_NUMBER}{_TAIL}",),
    ),
    _Provider(
        "instagram",
        "Instagram post",
        "https://www.instagram.com/{kind}/{id}/",
        "https://www.instagram.com/{kind}/{id}/embed/",
        (
            (
                r"(?:(?:www|m)\.)?instagram\.com/(?P<kind>p|reel|tv)/(?P<id>[A-Za-z0-9_-]{5,40})"
                rf"(?:/embed)?(?:/captioned)?{_TAIL}"
            ),
        ),
    ),
    _Provider(
        "facebook",
        "Facebook video",
        "https://www.facebook.com/watch/?v={id}",
        _FACEBOOK_PLAYER + "/watch/%3Fv%3D{id}",
        (rf"(?:(?:www|m|web)\.)?facebook\.com/watch/?\?(?:.*&)?v={_NUMBER}{_MORE}",),
    ),
    _Provider(
        "facebook",
        "Facebook video",
        "https://www.facebook.com/{user}/videos/{id}/",
        _FACEBOOK_PLAYER + "/{user}/videos/{id}/",
        (
            (
                r"(?:(?:www|m|web)\.)?facebook\.com/(?P<user>[A-Za-z0-9.-]{1,80})/videos/"
                rf"(?:[^/?]+/)?{_NUMBER}{_TAIL}"
            ),
        ),
    ),
    _Provider(
        "tiktok",
        "TikTok video",
        "https://www.tiktok.com/@{user}/video/{id}",
        "https://www.tiktok.com/embed/v2/{id}",
        (rf"(?:(?:www|m)\.)?tiktok\.com/@(?P<user>[A-Za-z0-9_.-]{{1,40}})/video/{_NUMBER}{_TAIL}",),
    ),
)
_PATTERNS = tuple(
    (re.compile(pattern, re.ASCII), provider)
    for provider in _PROVIDERS
    for pattern in provider.patterns
)
# Players whose query says which page they play.
_PLAYERS_OF_PAGES = {
    "w.soundcloud.com/player": "url",
    "www.facebook.com/plugins/video.php": "href",
}
_ADDRESS = re.compile(
    r"https?://(?P<host>[a-z0-9.-]+)(?P<rest>/[^\s#\\<>\"']*)(?:#\S*)?", re.IGNORECASE
)


def find_embed(address: str) -> Embed | None:
    """The item that `address` (a page's, a player's or a short one) stands for, or None."""
    location = _location(address)
    if location is None:
        return None
    return _find(_played_page(location) or location)


def address_patterns() -> list[tuple[str, str]]:
    """What is at an address (“YouTube video”) and the pattern of host, path and query that says so.

    In the syntax of JavaScript (ECMA-262), to be matched whole against what follows `https://`.
    """
    return [
        (provider.title, pattern.replace("(?P<", "(?<"))
        for provider in _PROVIDERS
        for pattern in provider.patterns
    ]


def frame_address(source: str) -> str | None:
    """The page to link to in place of an iframe with this `src`: a known item's, or any https."""
    source = source.strip(" \t\n")
    if source.startswith("//"):
        source = "https:" + source
    if embed := find_embed(source):
        return embed.url
    return source if source.startswith("https://") else None


def _location(address: str) -> str | None:
    """Host, path and query of an http(s) address, or None."""
    match = _ADDRESS.fullmatch(address) if len(address) <= LONGEST else None
    return match["host"].lower() + match["rest"] if match else None


def _find(location: str) -> Embed | None:
    for pattern, provider in _PATTERNS:
        if match := pattern.fullmatch(location):
            parts = match.groupdict()
            return Embed(
                provider=provider.name,
                title=provider.title,
                url=provider.url.format(**parts),
                player=provider.player.format(**parts),
            )
    return None


def _played_page(location: str) -> str | None:
    """The location of the page that a player's query names, if this is such a player."""
    path, _, query = location.partition("?")
    name = _PLAYERS_OF_PAGES.get(path.rstrip("/"))
    return _location(parse_qs(query).get(name, [""])[0]) if name else None
