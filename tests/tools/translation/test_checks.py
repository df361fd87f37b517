"""What a translation may not do: each fault is planted, and caught."""

import pytest

from helpers.plumbing import translations_in
from tools.translation.checks import BEGINNINGS, faults
from tools.translation.terms import Term, read_terms

ENGLISH = (
    "Both ways leave 4<!--= n_left --> arrays of `head`, and about "
    "98%<!--= accuracy, 0.01 --> of two hundred "
    "[pictures](05_feed_pictures.ipynb#The-idea) "
    'are "right": a low **learning rate** moves less<!--? moved < before -->.'
)
CHINESE = (
    "两种方式都只给 `head` 留下 4<!--= n_left --> 个数组，二百张"
    "[图片](05_feed_pictures.ipynb#The-idea)里约 98%<!--= accuracy, 0.01 --> 是“对”的："
    "小的**学习率**动得更少<!--? moved < before -->。"
)
TERMS = [Term("learning rate", ("学习率",), ("学习速率",))]


def test_a_true_translation_is_left_in_peace():
    assert faults(ENGLISH, CHINESE, TERMS) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("4<", "5<", "the numbers of the English are 4, 98%, here 5, 98%"),
        ("98%<", "九成八<", "the numbers of the English are 4, 98%, here 4"),
        # A clause is lost, with its number:
        (
            "留下 4<!--= n_left --> 个数组",
            "留下",
            "of the ties one is missing: <!--= n_",
        ),
        ("留下 4<!--= n_left --> 个数组", "留下", "the numbers of the English"),
        ("二百张", "这些", "“two hundred” is lost"),
        # Two numbers have changed places; both are there:
        (
            CHINESE,
            CHINESE.replace("4<", "5<").replace("98%<", "4<").replace("5<", "98%<"),
            "98% stands before",
        ),
        ("约 98%", "98%", "98% has a tolerance, so say 约 or 左右"),
        ("accuracy, 0.01", "accuracy, 0.02", "of the ties one is not in the English"),
        ("<!--? moved < before -->", "", "one is missing: <!--? moved < before -->"),
        ("`head`", "头", "`head` is missing"),
        ("`head`", "`heads`", "`heads` is not in the English"),
        ("#The-idea", "#想法", "of the links one is missing: (05_feed_pictures"),
        ("“对”", "对", "1 quotation(s) should be in"),
        ("学习率", "学习速率", "“learning rate” is 学习率 here, not 学习速率"),
        ("学习率", "速度", "“learning rate” is 学习率 here, and that is missing"),
        ("**学习率**", "学习率", "1 part(s) should be bold, 0 would be"),
        ("，", ",", "behind Chinese stands"),
    ],
)
def test_a_planted_fault_is_caught(old, new, told):
    assert old in CHINESE
    found = faults(ENGLISH, CHINESE.replace(old, new), TERMS)
    assert any(told in fault for fault in found), found


def test_english_that_was_left_is_no_translation():
    assert "there is no Chinese in it" in faults("A layer learns.", "A layer learns.")
    assert faults("VGG16, ResNet", "VGG16, ResNet") == []


def test_bold_that_a_reader_of_markdown_would_not_see_is_caught():
    assert faults("**No.** It is.", "**不对。** 是的。") == []
    (fault,) = faults("**No.** It is.", "**不对。**是的。")
    assert "should be bold, 0 would be" in fault


def test_questions_and_answers_begin_in_one_way():
    fixed = dict(zip(BEGINNINGS, ("**预测：**", "**对。**", "**不对。**"), strict=True))
    assert faults("**Yes.** It is.", "**对。** 是的。", beginnings=fixed) == []
    (fault,) = faults("**Yes.** It is.", "**是。** 是的。", beginnings=fixed)
    assert fault == "“**Yes.**” is “**对。**” at the beginning"


def test_the_number_of_an_exercise_stays_in_front():
    assert faults("4.1 · Freeze it", "4.1 · 冻结它") == []
    assert faults("4.1 · Freeze it", "冻结它（4.1）") == [
        "“4.1 · ” belongs at the beginning"
    ]


def test_what_a_judge_fills_in_is_in_its_translation():
    assert faults("it has {n} legs", "它有 {n} 条腿", markdown=False) == []
    found = faults("it has {n} legs", "它有 {m} 条腿", markdown=False)
    assert [fault.partition(":")[0] for fault in found] == [
        "of the places to fill in one is missing",
        "of the places to fill in one is not in the English",
    ]


def test_every_term_has_a_source_and_none_is_its_own_wrong_word():
    terms = read_terms(translations_in("zh_CN") / "terms.csv")
    assert len(terms) > 80
    assert len({term.english for term in terms}) == len(terms)
    for term in terms:
        assert not set(term.translations) & set(term.wrong)
        for right in term.translations:
            assert not any(wrong in right for wrong in term.wrong), term
