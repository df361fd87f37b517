"""The test part is chosen by content alone; cross-validation keeps every class."""

import hashlib

import numpy as np

from helpers.teaching.parts import a_sample, choose_test, folds


def digests(numbers):
    return [hashlib.sha256(str(n).encode()).hexdigest() for n in numbers]


def test_a_fifth_of_each_class_one_at_least():
    labels = np.array([0] * 5 + [1] * 8 + [2] * 300)
    chosen = choose_test(digests(range(313)), labels)
    assert [int(chosen[labels == n].sum()) for n in range(3)] == [1, 2, 60]


def test_the_order_of_the_pictures_does_not_count():
    labels = np.array([0] * 20 + [1] * 20)
    names = digests(range(40))
    mixed = np.random.default_rng(0).permutation(40)
    again = choose_test([names[n] for n in mixed], labels[mixed])
    assert np.array_equal(again, choose_test(names, labels)[mixed])


def test_ten_new_pictures_move_few_others():
    labels = np.array([0, 1] * 100)
    before = choose_test(digests(range(200)), labels)
    after = choose_test(digests(range(210)), np.array([0, 1] * 105))[:200]
    assert (before & after).sum() >= 35  # of 40
    assert (before != after).sum() <= 8


def test_folds_judge_each_picture_once_and_hold_every_class():
    labels = np.array([0] * 4 + [1] * 90)
    splits = folds(labels)
    assert len(splits) == 4
    judged = np.sort(np.concatenate([rows for _, rows in splits]))
    assert np.array_equal(judged, np.arange(94))
    assert all(set(labels[fitted]) == {0, 1} for fitted, _ in splits)


def test_a_sample_keeps_rare_classes():
    labels = np.array([0] * 990 + [1] * 10)
    rows = a_sample(labels, 100)
    assert np.bincount(labels[rows]).tolist() == [99, 5]
    assert len(np.unique(rows)) == len(rows)
    assert np.array_equal(a_sample(labels[:50], 100), np.arange(50))
