"""Texts as the phonemes that Kokoro's model was trained on. Runs in the voices' own environment.

Mandarin is cut into words by jieba, turned into pinyin with the tones that neighbours give each
other inside a word, and into IPA by misaki. English goes through espeak-ng's rules and misaki's
mapping of them. Numbers must come as words.
"""

import re
from typing import Protocol

import jieba
from misaki.espeak import EspeakFallback
from misaki.token import MToken
from misaki.zh import ZHG2P
from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Words of our texts that the dictionaries read otherwise: 重 for again, names, and where 一 and 为
# take the tone of the sentence rather than their own.
_READINGS = {
    "重听": "chóng tīng",
    "重输": "chóng shū",
    "重录": "chóng lù",
    "长电": "cháng diàn",
    "美的集团": "měi dì jí tuán",
    "藏格": "zàng gé",
    "电子": "diàn zǐ",
    "一次": "yí cì",
    "一千": "yì qiān",
    "上一级": "shàng yì jí",
    "五分为": "wǔ fēn wéi",
    "一分为": "yì fēn wéi",
}
load_phrases_dict({word: [[part] for part in said.split()] for word, said in _READINGS.items()})
for _reading in _READINGS:
    jieba.add_word(_reading, freq=10**6)

# The stops of a.m. and p.m. would each be a pause.
_PART_OF_DAY = re.compile(r"(ˈA|pˈi)\.\s*ˈɛm")
_HAN = re.compile(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+")
_PUNCTUATION = re.compile(r"\s*([;:,.!?—…]+)\s*")


class Phonemizer(Protocol):
    """Turns a text of one language into phonemes, one character each."""

    def __call__(self, text: str) -> str:
        """Return the phonemes, with spaces between words and marks of punctuation."""
        ...


def mandarin(text: str) -> str:
    """Return the phonemes of a Mandarin text; other letters in it are dropped."""
    spoken = ""
    for run in _HAN.findall(ZHG2P.map_punctuation(text)):
        if "\u4e00" <= run[0] <= "\u9fff":
            spoken += " ".join(_word(word) for word in jieba.lcut(run))
        else:
            spoken += re.sub(r"[^;:,.!?—… ]", "", run)
    return _tidy(spoken.replace(chr(815), ""))


def _word(word: str) -> str:
    pinyin = lazy_pinyin(
        word, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=len(word) > 1
    )
    return "".join(ZHG2P.py2ipa(syllable) for syllable in pinyin)


class EnglishPhonemizer:
    """American English by espeak-ng, in misaki's spelling of phonemes."""

    def __init__(self) -> None:
        self._espeak = EspeakFallback(british=False)

    def __call__(self, text: str) -> str:
        """Return the phonemes of an English text."""
        phonemes, _ = self._espeak(MToken(text=text, tag="", whitespace=""))
        return _tidy(_PART_OF_DAY.sub(r"\1 ˈɛm", phonemes or ""))


def _tidy(phonemes: str) -> str:
    return re.sub(r" {2,}", " ", _PUNCTUATION.sub(r"\1 ", phonemes)).strip()
