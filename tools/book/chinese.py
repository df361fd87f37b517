"""Search in Chinese: every pair of neighboring characters is a word.

Chinese has no blanks between words, and a browser cannot tell them. Pairs need no list
of words, on neither side: 学习率 is 学习 and 习率, in a page and in what is looked for.
`conf.py` hands it to Sphinx.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")
# The same in the browser, for what is looked for; one character is asked as one.
SPLITTER = r"""
function splitQuery(query) {
  const found = [];
  for (const [run] of query.matchAll(/[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+/g)) {
    if (!/[\u3400-\u9fff]/.test(run) || run.length === 1) found.push(run);
    else for (let i = 0; i + 1 < run.length; i++) found.push(run.slice(i, i + 2));
  }
  return found;
}
"""
STEMMER = "var Stemmer = function () { this.stemWord = (word) => word; };"


def words(text: str) -> list[str]:
    """The words of a text: characters, their pairs, and Latin words.

    Example:
        >>> words("学习率 lr")
        ['学', '习', '率', '学习', '习率', 'lr']
    """
    found = []
    for run in _RUN.findall(text):
        if "\u3400" <= run[0] <= "\u9fff":
            found += [*run, *(run[at : at + 2] for at in range(len(run) - 1))]
        else:
            found.append(run)
    return found


def searching() -> type:
    """What Sphinx asks about a language. (Sphinx is in the book's environment only.)"""
    from sphinx.search import SearchLanguage

    class Chinese(SearchLanguage):
        lang = "zh"
        language_name = "Chinese"
        js_splitter_code = SPLITTER
        js_stemmer_code = STEMMER

        def split(self, text: str) -> list[str]:
            return words(text)

        def stem(self, word: str) -> str:
            return word

        def word_filter(self, word: str) -> bool:
            return bool(word)

    return Chinese
