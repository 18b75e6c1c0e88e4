"""The words of made-up titles and descriptions: a few of very many kinds, as people write.

How often a word comes falls with its rank, as in real texts (Zipf, with Mandelbrot's offset): some stand in
every tenth document, some in every hundredth, some in one of ten thousand.
"""

from itertools import accumulate
from random import Random

SEED = 20171117
SIZE = 6_000
OFFSET, SLOPE = 3, 1.5
#: Words of a title, and of a description.
TITLE, DESCRIPTION = 6, 40

COMMON = (
    *("de", "la", "para", "nacional", "ciberseguridad", "estrategia", "política", "segurança", "and", "los"),
    *("protección", "datos", "ley", "infraestructura", "crítica", "informação", "defesa", "cooperação"),
    *("decree", "computer", "crime", "framework", "policy", "incident", "response", "resilience", "digital"),
    *("cadre", "sécurité", "réseaux", "loi", "données", "gobierno", "ministério", "respuesta", "incidentes"),
)
STARTS = ("b", "br", "c", "cr", "d", "f", "g", "l", "m", "n", "p", "pr", "r", "s", "t", "tr", "v", "z")
VOWELS = ("a", "e", "i", "o", "u", "á", "é", "ã", "io")
ENDS = ("ción", "ção", "tion", "dade", "dad", "mente", "ment", "ico", "ique", "al", "or", "eza", "ir", "ado")


def _vocabulary() -> tuple[str, ...]:
    random = Random(SEED)
    words = dict.fromkeys(COMMON)
    while len(words) < SIZE:
        syllables = (random.choice(STARTS) + random.choice(VOWELS) for _syllable in range(2))
        words["".join(syllables) + random.choice(STARTS) + random.choice(ENDS)] = None
    return tuple(words)


VOCABULARY = _vocabulary()
_WEIGHTS = [(rank + OFFSET) ** -SLOPE for rank in range(1, SIZE + 1)]
_UP_TO = list(accumulate(_WEIGHTS))


def text(random: Random, count: int) -> str:
    return " ".join(random.choices(VOCABULARY, cum_weights=_UP_TO, k=count)).capitalize()


def word_in(share: float) -> str:
    """The word that stands in about this share of the documents."""
    return min(zip(VOCABULARY, _WEIGHTS, strict=True), key=lambda one: abs(_share(one[1]) - share))[0]


def _share(weight: float) -> float:
    missing: float = (1 - weight / _UP_TO[-1]) ** (TITLE + DESCRIPTION)
    return 1 - missing
