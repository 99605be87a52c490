"""Regions, authors and tags of the demo newsroom. The authors are invented."""

from typing import Any


def _region(
    slug: str,
    name: str,
    russian: str,
    order: int,
    description: str,
    *,
    code: str | None = None,
    parent: str | None = None,
) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": name,
        "code": code,
        "parent": parent,
        "order": order,
        "description": description,
        "names": {"ru": russian},
    }


def _author(slug: str, name: str, russian: str, role: str, bio: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": name,
        "role": role,
        "bio": bio,
        "picture": None,
        "names": {"ru": russian},
    }


REGIONS: list[dict[str, Any]] = [
    _region(
        "kazakhstan",
        "Kazakhstan",
        "Казахстан",
        1,
        "Steppe, mountains and a Caspian coast: the largest landlocked country in the world.",
        code="KZ",
    ),
    _region(
        "almaty",
        "Almaty",
        "Алматы",
        1,
        "The largest city, below the Ile-Alatau.",
        parent="kazakhstan",
    ),
    _region(
        "astana",
        "Astana",
        "Астана",
        2,
        "The capital since 1997, on the Esil.",
        parent="kazakhstan",
    ),
    _region(
        "mangystau",
        "Mangystau",
        "Мангистау",
        3,
        "Oil, chalk cliffs and ports on the Caspian.",
        parent="kazakhstan",
    ),
    _region(
        "kyrgyzstan",
        "Kyrgyzstan",
        "Кыргызстан",
        2,
        "A country of mountains around the lake of Issyk-Kul.",
        code="KG",
    ),
    _region(
        "bishkek",
        "Bishkek",
        "Бишкек",
        1,
        "The capital, in the valley of the Chu.",
        parent="kyrgyzstan",
    ),
    _region(
        "osh",
        "Osh",
        "Ош",
        2,
        "The southern capital, at the edge of the Fergana valley.",
        parent="kyrgyzstan",
    ),
    _region(
        "tajikistan",
        "Tajikistan",
        "Таджикистан",
        3,
        "The Pamirs, and the rivers that come down from them.",
        code="TJ",
    ),
    _region(
        "turkmenistan",
        "Turkmenistan",
        "Туркменистан",
        4,
        "The Karakum desert between the Caspian and the Amu Darya.",
        code="TM",
    ),
    _region(
        "uzbekistan",
        "Uzbekistan",
        "Узбекистан",
        5,
        "The most populous country of the region, with its oldest cities.",
        code="UZ",
    ),
    _region(
        "tashkent",
        "Tashkent",
        "Ташкент",
        1,
        "The capital, and the first city of Central Asia with a metro.",
        parent="uzbekistan",
    ),
    _region(
        "samarkand",
        "Samarkand",
        "Самарканд",
        2,
        "Timur’s capital, on the Zarafshan.",
        parent="uzbekistan",
    ),
    _region(
        "afghanistan",
        "Afghanistan",
        "Афганистан",
        6,
        "The southern neighbour, beyond the Amu Darya and the Panj.",
        code="AF",
    ),
]

AUTHORS: list[dict[str, Any]] = [
    _author(
        "asel-tokmurat",
        "Asel Tokmurat",
        "Асель Токмурат",
        "Editor, economy",
        "Writes about prices, budgets and what people do when the two don’t meet.",
    ),
    _author(
        "ruslan-chernikov",
        "Ruslan Chernikov",
        "Руслан Черников",
        "Correspondent, energy and industry",
        "Trained as a power engineer and still reads circuit diagrams for pleasure.",
    ),
    _author(
        "nilufar-saidkul",
        "Nilufar Saidkul",
        "Нилуфар Саидкул",
        "Correspondent, Tashkent",
        "Covers Uzbekistan and the cities of the Zarafshan.",
    ),
    _author(
        "emil-sartbay",
        "Emil Sartbay",
        "Эмиль Сартбай",
        "Correspondent, Bishkek",
        "Has reported on mountains, water and borders since his student days.",
    ),
    _author(
        "gulnora-pamirzod",
        "Gulnora Pamirzod",
        "Гульнора Памирзод",
        "Correspondent, Dushanbe",
        "Grew up in Khorog; writes about roads, schools and those who live between them.",
    ),
    _author(
        "tomas-weidling",
        "Tomas Weidling",
        "Томас Вайдлинг",
        "Data reporter",
        "Counts what can be counted and says so when it can’t.",
    ),
    _author(
        "zhanel-abishkyzy",
        "Zhanel Abishkyzy",
        "Жанель Абишкызы",
        "Culture editor",
        "Writes about books, stages, carpets and the people who mend them.",
    ),
    _author(
        "farid-homayun",
        "Farid Homayun",
        "Фарид Хомаюн",
        "Columnist",
        "Has kept a column on trade and neighbours for eleven years.",
    ),
    _author(
        "newsroom",
        "The newsroom",
        "Редакция",
        "All of us",
        "Signs what nobody wrote alone: pages about the newsroom, its rules and its mistakes.",
    ),
    _author(
        "partner-studio",
        "Partner studio",
        "Студия партнёрских материалов",
        "Advertising department",
        "Writes what partners pay for. Its desk is on another floor, and so is its budget.",
    ),
]

_TAGS = (
    ("agriculture", "Agriculture", "Сельское хозяйство"),
    ("air-quality", "Air quality", "Качество воздуха"),
    ("aviation", "Aviation", "Авиация"),
    ("borders", "Borders", "Границы"),
    ("cities", "Cities", "Города"),
    ("construction", "Construction", "Строительство"),
    ("culture", "Culture", "Культура"),
    ("economy", "Economy", "Экономика"),
    ("education", "Education", "Образование"),
    ("emergencies", "Emergencies", "Происшествия"),
    ("energy", "Energy", "Энергетика"),
    ("environment", "Environment", "Окружающая среда"),
    ("festivals", "Festivals", "Фестивали"),
    ("food", "Food", "Еда"),
    ("gas", "Gas", "Газ"),
    ("health", "Health", "Здоровье"),
    ("history", "History", "История"),
    ("languages", "Languages", "Языки"),
    ("mining", "Mining", "Горное дело"),
    ("prices", "Prices", "Цены"),
    ("railways", "Railways", "Железные дороги"),
    ("renewables", "Renewables", "Возобновляемая энергия"),
    ("roads", "Roads", "Дороги"),
    ("society", "Society", "Общество"),
    ("sport", "Sport", "Спорт"),
    ("technology", "Technology", "Технологии"),
    ("trade", "Trade", "Торговля"),
    ("transport", "Transport", "Транспорт"),
    ("water", "Water", "Вода"),
    ("wildlife", "Wildlife", "Дикая природа"),
)

TAGS: list[dict[str, Any]] = [
    {"slug": slug, "name": name, "names": {"ru": russian}} for slug, name, russian in _TAGS
]
