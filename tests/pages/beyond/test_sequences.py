"""*Sentences and tunes* on its page: what it prints are the shipped numbers, and any sentence may be typed."""

from __future__ import annotations

import pytest

from pages.beyond.sequences import findings
from tests.harness import answer_of, assert_answers, assert_sound, charts, conclusion_of, link_of, method_of, opened, value_of
from vae_core.explore.beyond import grammar, sentences, sequences, tunes

PAGE = "beyond/sequences"


def table(app: object) -> list[str]:
    """The sentences of the path as they are drawn."""
    (heat,) = [chart["data"][0] for chart in charts(app) if chart["data"][0]["type"] == "heatmap"]
    return [" ".join(cell.removeprefix("<b>").removesuffix("</b>") for cell in row if cell) for row in heat["text"]]


def cost(name: str) -> sequences.Cost:
    """What a shipped model of sentences costs."""
    return sequences.read_cost(sentences.key(name))


def test_the_page_opens_with_a_path_whose_costs_are_beside_the_exact_entropy() -> None:
    app = opened(PAGE)
    assert_answers(app)
    assert value_of(app, "Rate") == f"{cost('1').rate} nats"
    assert value_of(app, "−ELBO above") == f"{cost('1').excess} nats"
    assert f"{grammar.entropy():.3f} nats, exact" in method_of(app, "−ELBO above")
    path = sentences.path(sequences.read_model(sentences.key("1"), sentences.spec("1")), sentences.FROM, sentences.TO, 9)
    assert f"**{path.n_different} different sentences**, and {path.n_in_grammar} of its 9 places" in conclusion_of(app)
    assert table(app) == [f"{sentence} ." for sentence in path.sentences]
    assert all(f"| {name} | {cost(name).rate} |" in answer_of(app) for name in sentences.MODELS)


def test_without_word_dropout_all_places_read_the_same_and_the_page_says_why() -> None:
    app = opened(PAGE, seq_dropout="0")
    assert_sound(app)
    assert len(set(table(app))) == 1
    assert "The decoder ignores z" in conclusion_of(app)
    assert "exact entropy" in conclusion_of(app)


def test_a_sentence_may_be_typed_and_one_of_other_words_is_refused() -> None:
    app = opened(PAGE, seq_dropout="1, β = ¼", seq_from="There was a SONG.", seq_to="the zebra was happy")
    assert_sound(app)
    assert table(app)[0] == "there was a song ."
    assert table(app)[-1] == f"{sentences.TO} ."
    assert "got 'zebra'" in app.warning[0].value
    assert link_of(app)["seq_from"] == "There was a SONG."
    same = opened(PAGE, seq_dropout="1, β = ¼", seq_from=sentences.FROM, seq_to=sentences.FROM)
    assert "Both ends are the same sentence" in conclusion_of(same)


def test_lectures_are_told_which_dropout_uses_the_code_and_how_many_notes_lie_in_the_key() -> None:
    told = findings.dropout_that_uses_z_most({})
    rates = {sentences.MODELS[name][0]: cost(name).rate.value for name in ("0", "½", "1")}
    assert told["value"] == max(rates, key=rates.__getitem__)
    assert told["none"].value < told["all"].value
    share = findings.notes_in_the_key({"seq_notes": "1, β = 0.1"})["share"]
    assert share.interval[0] > 7 / 12  # what notes at random would have


@pytest.mark.parametrize("name", tunes.MODELS)
def test_tunes_are_drawn_and_sound_beside_their_costs(name: str) -> None:
    app = opened(PAGE, seq_part="tunes", seq_notes=name, seq_tunes=1)
    excess = sequences.read_cost(tunes.key(name)).excess
    assert_answers(app) if name == "1, β = 0.1" else assert_sound(app)
    assert value_of(app, "−ELBO above") == f"{excess} nats"
    assert "Wilson" in method_of(app, "Notes in the key")
    assert len(app.get("audio")) == 1
    assert value_of(app, "Notes in the key") in conclusion_of(app)
