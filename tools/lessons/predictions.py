"""Questions that stand before an output, with answers to unfold.

In a source, a question is a paragraph of Markdown, and each answer a fold:

    **Predict:** how many of a hundred will be right?

    <details><summary>About half of them</summary>

    **No.** It is tempting: …

    </details>
    <details><summary>Nearly all</summary>

    **Yes.** 98<!--= right --> of 100<!--= n -->. …

    </details>

An answer in `<summary>` is plain text, and may hold a number without a tie.
"""

from __future__ import annotations

import re

AT_LEAST = 3  # in a lesson
_QUESTION = re.compile(
    r"^\*\*Predict:\*\*(.*?)(?=^#|^\*\*Predict:\*\*|\Z)", re.M | re.S
)
_ANSWER = re.compile(r"<details><summary>(.*?)</summary>\n\n(.*?)\n\n</details>", re.S)


def questions(markdown: str) -> list[str]:
    """The questions of a text, each with its answers.

    Example:
        >>> len(questions("**Predict:** what comes?\\n\\n## Next"))
        1
    """
    return [match[0] for match in _QUESTION.finditer(markdown)]


def asked(question: str) -> str:
    """What one of these questions asks, without its answers.

    Example:
        >>> asked("**Predict:** what\\ncomes? <details>")
        'what comes?'
    """
    words = question.partition("<details>")[0].removeprefix("**Predict:**")
    return " ".join(words.split())


def answers(question: str) -> list[tuple[str, str]]:
    """The answers of one of these questions: what one chooses, what one then reads.

    Example:
        >>> answers("<details><summary>One</summary>\\n\\n**No.** …\\n\\n</details>")
        [('One', '**No.** …')]
    """
    return [(match[1], match[2].strip()) for match in _ANSWER.finditer(question)]


def without_answers(markdown: str) -> str:
    """The text without the answers to choose from: most of them are meant to be wrong.

    Example:
        >>> without_answers("<summary>About 50</summary> No.")
        ' No.'
    """
    return re.sub(r"<summary>.*?</summary>", "", markdown, flags=re.DOTALL)


def broken_prediction_rules(markdown: str) -> list[str]:
    """What is wrong with the questions of a lesson, a sentence each.

    Args:
        markdown: The prose of a lesson's source, with its ties.

    Example:
        >>> broken_prediction_rules("No question.")
        ['expected 3 questions that begin with **Predict:**, found 0.']
    """
    asked = questions(markdown)
    found = []
    if len(asked) < AT_LEAST:
        found.append(
            f"expected {AT_LEAST} questions that begin with **Predict:**, found "
            f"{len(asked)}."
        )
    if markdown.count("<details>") != sum(text.count("<details>") for text in asked):
        found.append(
            "a fold that belongs to no question that begins with **Predict:**."
        )
    return found + [
        f"question {_first_words(text)!r}: {fault}."
        for text in asked
        for fault in _faults(text)
    ]


def _faults(text: str) -> list[str]:
    choices = answers(text)
    right = [body for _, body in choices if body.startswith("**Yes.**")]
    wrong = [body for _, body in choices if body.startswith("**No.**")]
    found = []
    if "?" not in text.partition("<details>")[0]:
        found.append("no question mark before its answers")
    if text.count("<details>") != len(choices):
        found.append(
            "a fold that is not <details><summary>…</summary>, an empty line, text, an "
            "empty line, </details>"
        )
    if not 2 <= len(choices) <= 4:
        found.append(f"expected two to four answers, found {len(choices)}")
    if len(right) != 1 or len(right) + len(wrong) != len(choices):
        found.append("expected one answer with **Yes.**, the others with **No.**")
    if not all(re.search(r"<!--[=?]", body) for body in right):
        found.append("the right answer has no tie to the run")
    if not all(len(body.split()) >= 10 for body in wrong):
        found.append("a wrong answer has to say why people choose it (ten words)")
    return found


def _first_words(text: str) -> str:
    return " ".join(text.split()[1:7])
