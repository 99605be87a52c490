"""Language tags (BCP 47, RFC 5646), as newsrooms use them: language, script, region, variants."""

PATTERN = r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,3}"


def canonical(tag: str) -> str:
    """The tag in the customary case (RFC 5646, 2.1.1), which is how it is stored and compared:
    ``kk-latn-KZ`` is ``kk-Latn-KZ``, ``EN`` is ``en``."""
    language, *subtags = tag.split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(cased.get(len(s), str.lower)(s) for s in subtags)])
