"""Telephone numbers that are nobody's.

Under +1 the numbers 555-0100 to 555-0199 are set aside for fiction. The other numbering plans set none
aside: there we take numbers of a right length in a range that is not in use.
"""

AREA_CODES = {
    "ATG": 268,
    "BHS": 242,
    "BRB": 246,
    "CAN": 613,
    "DOM": 809,
    "JAM": 876,
    "KNA": 869,
    "LCA": 758,
    "TTO": 868,
    "USA": 202,
    "VCT": 784,
}
UNUSED_RANGES = {
    "ARG": "5410000000",
    "BLZ": "50110000",
    "BOL": "591100000",
    "BRA": "5510000000",
    "CHL": "561000000",
    "COL": "5710000000",
    "CRI": "506100000",
    "ECU": "593100000",
    "GTM": "502100000",
    "GUY": "59210000",
    "HND": "504100000",
    "HTI": "509100000",
    "MEX": "5210000000",
    "PAN": "50712000",
    "PER": "51200000",
    "PRY": "5951000000",
    "SLV": "503100000",
    "SUR": "5971000",
    "URY": "598100000",
}


def telephone(iso3: str, number: int) -> str:
    """The state's `number`th fictional telephone, from 0 to 99."""
    if iso3 in AREA_CODES:
        return f"+1{AREA_CODES[iso3]}55501{number:02}"
    return f"+{UNUSED_RANGES[iso3]}{number:02}"
