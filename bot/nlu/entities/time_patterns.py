"""The ways in which customers write a day or a time of day, as patterns; `times.py` says what they mean."""

from __future__ import annotations

import re

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The days as they are often misspelt; what begins like no day is named.
MISSPELT = {
    "tuseday": "tuesday", "teusday": "tuesday", "weds": "wednesday", "wensday": "wednesday", "wendsday": "wednesday",
    "wednsday": "wednesday", "wedensday": "wednesday", "wendesday": "wednesday", "thrusday": "thursday",
    "thirsday": "thursday", "firday": "friday", "firdsay": "friday", "saterday": "saturday", "sautrday": "saturday",
    "tueday": "tuesday", "thurday": "thursday", "thusday": "thursday", "firiday": "friday", "satuday": "saturday",
    "satruday": "saturday", "tuesdy": "tuesday", "thursdy": "thursday", "fryday": "friday", "mondy": "monday",
    "moday": "monday", "sunady": "sunday",
}  # fmt: skip
_DAY_WORDS = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    + "|".join(MISSPELT)
)
_FULL_DAYS = "|".join((*DAYS, *MISSPELT))
# "sat" and "sun" are words of their own, "wed" nearly: short forms count only after a word that makes them days, or
# as the whole message.
_DAY = rf"(?:{_FULL_DAYS})"
_LED_DAY = rf"(?:{_DAY_WORDS})"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
WORD_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "a couple of": 2,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(sorted(WORD_NUMBERS, key=len, reverse=True))})"
_ONES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
ORDINALS = {
    **{word: number for number, word in enumerate(_ONES, start=1)},
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    **{f"twenty {word}": 20 + number for number, word in enumerate(_ONES, start=1)},
    "thirty first": 31,
}  # fmt: skip
_WORD_ORDINAL = "|".join(sorted((word.replace(" ", "[ -]") for word in ORDINALS), key=len, reverse=True))
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
HOLIDAYS = {
    "christmas eve": (24, 12), "christmas day": (25, 12), "boxing day": (26, 12), "new years eve": (31, 12),
    "new years day": (1, 1),
}  # fmt: skip

EASTER = {"good friday": -2, "easter saturday": -1, "easter sunday": 0, "easter monday": 1, "whit monday": 50}
"""Days from Easter Sunday."""

# A bare "the 24th" is a date only where a date may end; "the 4th floor" and "my 2nd order" are not.
_ENDS = (
    r"(?=\s*(?:$|[.,;:!?)]|(?:at|in|for|from|or|and|if|not|please|pls|plz|would|is|was|works?|suits?|then|instead|"
    r"[ap]\.?m|ideally|thanks|morning|afternoon|between|before|after|around|about|by|\d{1,2}\s*[ap]m)\b))"
)

_DATE_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"\b\d{4}-\d{2}-\d{2}\b"),
    ("numeric", r"(?<![\d/.-])\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?![\d/.-])"),
    (
        "numeric",
        # 24/7 is "always", 9/10 may be a mark, 3/4 a part of something.
        r"(?<![\d/.-])(?!24/7)\d{1,2}/\d{1,2}(?![\d/-]|\.\d)"
        r"(?!\s*(?:of|price|full|empty|an\s+hour|hour|stars?|rating|loads?|inch|\"|cup|the\s+(?:way|time|price))\b)",
    ),
    (
        "named",
        rf"\b(?:(?:{_LED_DAY}),?\s+)?(?:the\s+)?(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?"
        rf"(?P<m1>{_MONTH})\b\.?(?:,?\s+(?P<y1>20\d\d)\b)?",
    ),
    (
        "named",
        rf"\b(?:(?:{_LED_DAY}),?\s+)?(?P<m2>{_MONTH})\.?\s+(?:the\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[ap]m\b|:\d)"
        rf"(?:,?\s+(?P<y2>20\d\d)\b)?",
    ),
    (
        "named",
        rf"\b(?:(?:{_LED_DAY}),?\s+)?(?:the\s+)?(?P<o1>{_WORD_ORDINAL})\s+(?:of\s+)?(?P<m3>{_MONTH})\b",
    ),
    ("numeric", r"(?<![\d/.-])\d{1,2}-\d{1,2}-(?:20\d\d|\d{2})(?![\d/.-])"),
    ("easter", r"\b(?P<ea>good\s+friday|easter\s+(?:saturday|sunday|monday)|whit\s+monday)\b"),
    ("holiday", r"\b(?P<hd>christmas\s+(?:eve|day)|boxing\s+day|new\s+year'?\u2019?s\s+(?:eve|day))\b"),
    (
        "day next week",
        rf"\b(?:(?P<nw>{_LED_DAY})\s+(?:of\s+)?next\s+week|next\s+week,?\s+(?:on\s+)?(?P<nw2>{_LED_DAY}))\b",
    ),
    ("this day", rf"\b(?P<tdn>{_FULL_DAYS})\s+coming\b"),
    ("last day", rf"\b(?P<ldg>{_FULL_DAYS})\s+(?:gone|just\s+gone|last|past)\b"),
    ("next day", rf"\b(?P<ndn>{_FULL_DAYS})\s+next\b"),
    ("after tomorrow", r"\b(?:the\s+)?day\s+after\s+tom+or+ow\b"),
    ("before yesterday", r"\b(?:the\s+)?day\s+before\s+yesterday\b"),
    ("week tomorrow", r"\b(?:a|1|one)\s+week\s+tom+or+ow\b"),
    ("tomorrow", r"\b(?:tom+or+ow|tommorr?w|tomorro|tomoz|tomoro|tmrw|tmr|tmw|tmro|2moro|2morrow)\b"),
    ("today", r"\b(?:today|2day|tonight|this\s+evening)\b"),
    ("today", r"\bthis(?=\s+(?:morning|afternoon)\b)"),
    ("yesterday", r"\byesterday\b"),
    ("weeks on day", rf"\b(?P<nwk>a|1|one|two|2|three|3)\s+weeks?\s+(?:on|from|this)\s+(?P<wd>{_LED_DAY})\b"),
    ("weeks on day", rf"\b(?P<wd2>{_LED_DAY})\s+week\b"),
    ("fortnight", r"\bin\s+a\s+fortnight(?:['\u2019]?s?\s+time)?\b|\ba\s+fortnight\s+(?:from\s+)?today\b"),
    ("fortnight on day", rf"\ba\s+fortnight\s+(?:on|from)\s+(?P<ft>{_LED_DAY})\b"),
    ("in", rf"\bin\s+(?P<n>{_NUMBER})\s+(?P<u>days?|weeks?)(?:['\u2019]s?)?(?:\s+time)?\b"),
    ("in", rf"\b(?P<n2>{_NUMBER})\s+(?P<u2>days?|weeks?)\s+(?:from\s+(?:now|today)|today)\b"),
    ("ago", rf"\b(?P<n3>{_NUMBER})\s+(?P<u3>days?|weeks?)\s+ago\b"),
    ("next day", rf"\bnext\s+(?P<nd>{_LED_DAY})\b"),
    ("last day", rf"\b(?:last|since|past)\s+(?P<ld>{_LED_DAY})\b"),
    ("this day", rf"\b(?:this(?:\s+coming)?|coming)\s+(?P<td>{_LED_DAY})\b"),
    (
        "day with number",
        rf"\b(?P<wn>{_LED_DAY}),?\s+(?:the\s+)?(?P<dn>{_ORDINAL}|\d{{1,2}}(?=\s*(?:$|[,;!?]|\.(?!\d))))",
    ),
    ("day", rf"\b(?:on|by|for|until|till|or|and|not|no,?|make\s+it)\s+(?P<od>{_LED_DAY})\b{_ENDS}"),
    ("day", rf"(?<!\bevery\s)(?<!\beach\s)\b(?P<fd>{_DAY})\b"),
    ("day", rf"\b(?P<wa>{_LED_DAY})(?=\s+[ap]\.?m\b(?!\s+i\b))"),
    ("day", rf"^\W*(?P<wh>{_LED_DAY})\W*(?:please|pls|plz|then|instead)?\W*$"),
    ("number", rf"\b(?:the\s+)?(?P<on>{_ORDINAL})\b{_ENDS}"),
    (
        "number",
        rf"\bthe\s+(?P<ow>{_WORD_ORDINAL})\b(?=\s*(?:$|[.,;!?)]|(?:at|in\s+the|please|if|suits?|works?)\b))(?<!the\sfirst)(?<!the\ssecond)(?<!the\sthird)(?<!the\sfourth)",
    ),
)
DATES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _DATE_PATTERNS)
DATES_WITH_YEAR_FIRST = (("year first", re.compile(r"(?<![\d/.-])20\d\d[/.]\d{1,2}[/.]\d{1,2}(?![\d/-]|\.\d)")),)
"""In countries whose dates begin with the year."""
# "It costs 9.12." is no date: a full stop behind the month counts where the sentence goes on, or is nothing else.
DATES_WITH_FULL_STOPS = tuple(
    ("numeric", re.compile(pattern, re.IGNORECASE))
    for pattern in (
        r"\b(?:on|the|for|or|and|not)\s+(?P<fs>\d{1,2}\.\s?\d{1,2}\b(?!\s*(?:[ap]\.?m|h|euros?|%)\b)(?!\.\s?\d|[/:,-]?\d))",
        r"(?<![\w/.,:-])(?P<fs>\d{1,2}\.\s?\d{1,2})\.(?=\s+[a-z])",
        r"^\W*(?P<fs>\d{1,2}\.\s?\d{1,2}\.?)\W*$",
    )
)
"""In countries that write day and month so."""

HOURS = {
    name: hour
    for hour, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_HOUR = rf"(?:1[0-2]|0?[1-9]|{'|'.join(HOURS)})"
_PARTS = r"(?:\s*(?P<half>[ap])\.?m\b\.?|\s*(?:in\s+the\s+)?(?P<part>morning|afternoon|evening)\b)"
# An hour without anything that makes it one ends what is said of it: "at 4 Mill Lane" and "at 4.99" are no times.
_AFTER_HOUR = (
    r"(?=\s*(?:$|[;!?)]|[.,](?!\d)|(?:please|pls|plz|if|or|on|then|instead|and|but|would|is|works?|suits?|tomorrow|today|"
    r"this|next|for|because|as|so|thanks|though|sharp|mon|tue|wed|thu|fri|sat|sun)\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day))"
)
_TIME_PATTERNS: tuple[tuple[str, str], ...] = (
    ("clock", r"(?<![\d:.])(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?"),
    ("clock", r"(?<![\d:.£$€])(?P<h>2[0-3]|1\d|0?\d):(?P<m>[0-5]\d)(?![\d:])"),
    (
        "clock",
        r"\b(?:at|by|around|from|until|till|before|after)\s+(?P<h>2[0-3]|1\d|0\d)(?P<m>[0-5]\d)(?:\s*h(?:rs?|ours)?)?\b(?![.,:]?\d)",
    ),
    (
        "past",
        rf"\b(?P<n>five|ten|twenty(?:[ -]five)?|5|10|20|25)\s+(?:minutes\s+)?(?P<way>past|to)\s+"
        rf"(?P<h>{_HOUR})\b(?:{_PARTS})?",
    ),
    ("half past", rf"\bhalf\s+(?:past\s+)?(?P<h>{_HOUR})\b(?:{_PARTS})?"),
    ("quarter past", rf"\bquarter\s+past\s+(?P<h>{_HOUR})\b(?:{_PARTS})?"),
    ("quarter to", rf"\bquarter\s+to\s+(?P<h>{_HOUR})\b(?:{_PARTS})?"),
    ("clock", rf"\b(?P<h>{_HOUR})\s*o\s?['\u2019]?\s?clock\b(?:{_PARTS})?"),
    ("clock", rf"\b(?P<h>{_HOUR})\s*(?:ish\b|in\s+the\s+(?P<part>morning|afternoon|evening)\b)"),
    (
        "clock",
        rf"\b(?:between|from)\s+(?P<h>{_HOUR})\b(?=\s*(?:and|-|to|till|until)\s*{_HOUR}(?:[:.]\d\d)?\s*(?:[ap]m\b|{_AFTER_HOUR}))",
    ),
    ("upper", rf"\b(?:and|to)\s+(?P<hour>{_HOUR})\b{_AFTER_HOUR}"),
    ("clock", rf"\b(?:at|around|about|after|before|by|till|until)\s+(?P<h>{_HOUR})\b{_AFTER_HOUR}"),
    ("after lunch", r"\bafter\s+lunch(?:time)?\b"),
    ("first thing", r"\bfirst\s+thing\b"),
    ("noon", r"\b(?:noon|midday)\b"),
    ("midnight", r"\bmidnight\b"),
    ("part", r"\b(?P<part>mornings?|afternoons?)\b"),
    # "Friday pm"; in "on Friday am I at home" it is the verb.
    (
        "half of day",
        rf"\b(?:(?:{_LED_DAY})|today|tomorrow|{_ORDINAL}|(?:{_MONTH})|the|this|just|only)\s+(?P<ap>[ap]\.?m)\b(?!\s+i\b)",
    ),
    ("half of day", r"^\W*(?P<ap>[ap]\.?m)\b\W*(?:please|pls|plz|then|instead|is fine)?\W*$"),
)
TIMES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _TIME_PATTERNS)

# "3:30 in the morning", where the clock has twelve hours.
IN_THE_MORNING = re.compile(r"\s*(?:in\s+the\s+)?morning\b", re.IGNORECASE)
# "Good morning" and "Morning!" greet; "morning please" answers the question when.
GREETING_BEFORE = re.compile(r"\bgood\s+$", re.IGNORECASE)
ANSWER_AFTER = re.compile(
    r"\s*[.!?]*\s*(?:$|(?:is|please|pls|plz|would|works?|suits?|if|or|on|of|for|then|slots?|appointments?|ideally|"
    r"preferably|best|only|fine|tomorrow|would)\b)",
    re.IGNORECASE,
)

# A message without any of these holds no date and no time; the test costs microseconds.
HINT = re.compile(
    r"\d|mon|tue|wed|thu|fri|sat|sun|day|to?m|tmr|tmw|2m|week|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|morning|afternoon|noon|night|lunch|evening|christ|new year|box|first|second|third|(?:th|ish)\b|between|past"
    r"|(?:five|ten|twenty)\s+to|clock|half|quarter|\b(?:at|around|about|after|before|by|till|until|[ap]m)\b",
    re.IGNORECASE,
)


# "between nine and eleven": the second hour is one because of the first.
LOWER = re.compile(rf"\b(?:between|from)\s+{_HOUR}(?:[:.][0-5]\d)?\s*(?:[ap]m)?\s*$", re.IGNORECASE)

# Beside these a day and month without a year lie behind us, unless something is still to come.
PAST = re.compile(
    r"\b(?:ordered|bought|purchased|paid|placed|delivered|arrived|came|received|got|was|were|had|returned|sent|cancelled"
    r"|called|rang|spoke|emailed|wrote|started|broke|stopped|failed|since|booked|collected|installed|happened|charged"
    r"|picked|signed)\b",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"\b(?:will|would|can|could|shall|should|wo|i'll|we'll|you'll|want|need|please|pls|come|coming|move|change|rebook"
    r"|reschedule|book|until|till|by|free|available|is|going|supposed|due|expected|for|between)\b",
    re.IGNORECASE,
)
