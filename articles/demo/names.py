"""Invented people for the reports to quote, by the region in which they live."""

# Given names and family names, the latter of kinds that don't change with the bearer's sex. The two
# numbers of a country have no common divisor, so that each pair comes up before any repeats.
NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "kazakhstan": (
        (
            *("Saule", "Yerkin", "Olga", "Madi", "Aigul", "Anton", "Botagoz", "Nurzhan"),
            *("Raushan", "Timofey", "Dana", "Serikbol", "Marzhan", "Gennady", "Ayman"),
            *("Kairbek", "Larisa", "Almas", "Zhuldyz"),
        ),
        (
            *("Dzhumagali", "Tasbulat", "Kravets", "Karash", "Serkebay", "Shtoller"),
            *("Yesmurat", "Alpysbay", "Omirkul", "Velikhan", "Koishybay", "Uaisbek"),
            *("Tileuken", "Zhunisbay", "Bekturgan", "Toigambay"),
        ),
    ),
    "kyrgyzstan": (
        ("Cholpon", "Bakyt", "Nurgul", "Ermek", "Vera", "Jyldyz", "Talant"),
        ("Asankul", "Turgunaly", "Sadyrbek", "Joldosh", "Malakh", "Kadyrtay"),
    ),
    "tajikistan": (
        ("Zarina", "Firuz", "Gulbahor", "Davlat", "Manizha"),
        ("Nazarsho", "Mirzokul", "Safozod", "Khushvakt", "Odinasho", "Karamkhudo"),
    ),
    "turkmenistan": (("Ogulsapar", "Batyr", "Jeren"), ("Atageldi", "Gylyjmyrat")),
    "uzbekistan": (
        ("Nodira", "Sherzod", "Feruza", "Otabek", "Lola", "Rustam", "Dilnoza"),
        ("Yuldashkul", "Abdurazzoq", "Tillaboy", "Mirsaid", "Ganikhon", "Hoshimbek"),
    ),
    "afghanistan": (("Maryam", "Habib", "Shirin", "Qasim"), ("Nurzad", "Wardaki", "Paktin")),
}
