"""Sentences for the bench's comments: made up, in English and Hindi, about 200 bytes each."""

from __future__ import annotations

from html import escape
from random import Random

ENGLISH = [
    "In our ward the tap runs for two hours and nobody knows when.",
    "A notice in the evening before would already help most families.",
    "The school bus stops on the far side of the highway.",
    "My mother walks forty minutes to the health centre and finds it shut.",
    "Please publish how the money was spent, street by street.",
    "The new lights on the market road made a real difference.",
    "Farmers here would share the machine if somebody kept a list.",
    "The form asks for a certificate that the office itself issues.",
    "What works in the next district should be tried here first.",
    "I support this, but start with the villages that have no road.",
]
HINDI = [
    "हमारे वार्ड में नल दो घंटे चलता है और किसी को समय नहीं पता।",
    "पिछली शाम को सूचना मिल जाए तो बहुत मदद होगी।",
    "स्कूल की बस सड़क के उस पार रुकती है।",
    "कृपया बताइए कि पैसा कहाँ खर्च हुआ।",
    "बाज़ार की सड़क पर नई बत्तियों से बहुत फ़र्क़ पड़ा।",
]
SUBJECTS = ["water", "schools", "roads", "clinics", "buses", "markets", "forests", "ration shops", "parks", "farms"]


def sentence(chance: Random) -> str:
    return chance.choice(ENGLISH)


def text(chance: Random) -> tuple[str, str, str]:
    """A comment's text, its HTML as it is stored, its language. Every fifth is Hindi."""
    hindi = chance.random() < 0.2
    body = " ".join(chance.sample(HINDI if hindi else ENGLISH, 2 if hindi else 3))
    return body, f"<p>{escape(body, quote=False)}</p>\n", "hi" if hindi else "en"


def about(chance: Random) -> str:
    """What an official writes above the conversation: two headings, a list, some paragraphs."""
    parts = [" ".join(chance.sample(ENGLISH, 4)) for _ in range(3)]
    points = "\n".join(f"- {chance.choice(ENGLISH)}" for _ in range(4))
    return f"## What we know\n\n{parts[0]}\n\n{points}\n\n## What we ask\n\n{parts[1]}\n\n**{parts[2]}**"


def title(number: int) -> dict[str, str]:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return {"en": f"What should change first about {subject}, part {number}?", "hi": f"सबसे पहले क्या बदले, भाग {number}?"}
