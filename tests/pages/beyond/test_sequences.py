"""*Sentences* on its page: what it prints are the shipped numbers, and any sentence may be typed."""

from __future__ import annotations

from tests.harness import answer_of, assert_answers, assert_sound, charts, conclusion_of, link_of, method_of, opened, value_of
from vae_core.explore.beyond import grammar, sentences, sequences

PAGE = "beyond/sequences"


def table(app: object) -> list[str]:
    """The sentences of the path as they are drawn."""
    (heat,) = [chart["data"][0] for chart in charts(app) if chart["data"][0]["type"] == "heatmap"]
    return [" ".join(cell.removeprefix("<b>").removesuffix("</b>") for cell in row if cell) for row in heat["text"]]


def test_the_page_opens_with_a_path_whose_costs_are_beside_the_exact_entropy() -> None:
    app = opened(PAGE)
    assert_answers(app)
    cost = sequences.read_cost(sentences.key("1"))
    assert value_of(app, "Rate") == f"{cost.rate} nats"
    assert value_of(app, "−ELBO above") == f"{cost.excess} nats"
    assert f"{grammar.entropy():.3f} nats, exact" in method_of(app, "−ELBO above")
    path = sentences.path(sequences.read_model(sentences.key("1"), sentences.spec("1")), sentences.FROM, sentences.TO, 9)
    assert f"**{path.n_different} different sentences**, and {path.n_in_grammar} of its 9 places" in conclusion_of(app)
    assert table(app) == [f"{sentence} ." for sentence in path.sentences]
    assert all(f"| {name} | {sequences.read_cost(sentences.key(name)).rate} |" in answer_of(app) for name in sentences.MODELS)


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
