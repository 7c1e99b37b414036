"""Widgets that return values of vae_core. They own their keys, and each key is a parameter of the address: every view has a link."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import cached, links
from pages.shared.links import bound, is_of_this_view
from vae_core import data
from vae_core.drawing.theme import mark
from vae_core.explore.latent_pad import LARGEST
from vae_core.identities import is_own, own_names
from vae_core.models import FAMILIES
from vae_core.specs import ModelSpec, identity

OWN_DIMS = (1, 2, 5, 10, 20, 50)
CHOSEN = "global_choice"
"""In the session: what the sidebar says."""
SETS = "sets_of_the_sidebar"
"""In the session: `image_sets` as the sidebar was drawn with them."""
WANTED = "wanted_dataset"
"""In the session: the data set that the sidebar is to turn to when it is next drawn."""
CODE_SIZE, AT_TWO, OF_THE_SIDEBAR = "code_size", "d = 2", "d of the sidebar"
"""Key of what a page opens at whose story needs a plane of codes, and its two values."""
ADVANCED = "advanced"
"""Key of what holds the settings of a page that a first look does not need."""
UNFOLDED = "advanced_is_unfolded"
"""In the session: whether one of them is set otherwise than the page opens with, since the page was opened."""
LARGER_CODE = "The plane shows 2 of {d} dimensions; the others keep the values of the starting code, or of the image you clicked."
"""Said of a code that a plane does not show whole."""
NO_PLANE = "A code of one number has no plane: this page shows d = 2."
"""Said of a code of which there is none."""
FOLLOWED, FOLLOWING = "followed_choices", "followed_in_this_run"
"""In the session: what each widget was last set by, on the screen and by the present run: a choice of the sidebar, or its options."""


def the(family: str, *, opens: bool = False) -> str:
    """A family within a sentence, or as it opens: the VAE, the linear AE; what is solved in closed form is a method without an article."""
    name = mark(family).short
    if FAMILIES[family].spec.is_closed_form:
        return name
    return f"{'The' if opens else 'the'} {name[0].lower() + name[1:] if name[:2].istitle() else name}"


def called(dataset: str) -> str:
    """What a person calls a data set: its title; the name of one's own that is not on this machine any more."""
    try:
        return data.info(dataset).title
    except ValueError:  # deleted; models of it may be left
        return dataset


@dataclass(frozen=True, slots=True)
class Choice:
    """The global choices of the sidebar.

    Attributes:
        dataset: its name.
        latent_dim: number of dimensions of the code.
        family: the model in focus.
        has_data: whether the data set was on this machine when the sidebar was drawn, which is drawn again where that has changed.
    """

    dataset: str
    latent_dim: int
    family: str
    has_data: bool

    def values(self) -> dict[str, str | int]:
        """Data set, latent dimension and family by name."""
        return {"dataset": self.dataset, "latent_dim": self.latent_dim, "family": self.family}

    @property
    def title(self) -> str:
        """What a sentence calls the data set."""
        return called(self.dataset)

    @property
    def numbers(self) -> str:
        """How much a code holds, as a sentence says it."""
        return "one number" if self.latent_dim == 1 else f"{self.latent_dim} numbers"


def settle(key: str, options: Collection, start: Any) -> None:
    """Set a widget that is about to be drawn to where it starts, if what it shows is none of its options any more.

    Its value has to be assigned: were it deleted, the browser would go on showing the old one, and send it with the next change.
    Where its options are others, what is still one of them is assigned, too: a slider with other ends is another one to the browser.
    """
    are_others = _is_other(f"{key}:options", options if isinstance(options, range) else tuple(options))
    if key in st.session_state and (are_others or st.session_state[key] not in options):
        st.session_state[key] = st.session_state[key] if st.session_state[key] in options else start


def follow(key: str, wanted: Any, choice: Choice) -> None:
    """Set a widget that is about to be drawn to what the sidebar asks for, each time that the sidebar has changed."""
    if _is_other(key, choice):
        st.session_state[key] = wanted


def _is_other(name: str, what: object) -> bool:
    """Whether something is other than in the last run that was seen."""
    st.session_state.setdefault(FOLLOWING, {})[name] = what
    return st.session_state.get(FOLLOWED, {}).get(name, what) != what


def begin() -> None:
    """A page begins to be drawn."""
    links.begin()
    st.session_state[FOLLOWING] = {}


def end() -> None:
    """A page was drawn to its end, and is seen: before that, the next run may interrupt it, and has to set again what this one did."""
    st.session_state[FOLLOWED] = st.session_state.get(FOLLOWED, {}) | st.session_state[FOLLOWING]


def image_sets() -> dict[str, bool]:
    """Every data set of images that the sidebar offers, and whether it is on this machine.

    Those that are come first, the person's own after the named ones, then the others.
    """
    here = {name: data.available(name) for name in (*data.offered(), *own_names())}
    return dict(sorted(here.items(), key=lambda item: not item[1]))


def sets_of_the_sidebar() -> dict[str, bool]:
    """`image_sets` as they were when the sidebar was drawn, which is drawn again where they have changed: no file is looked for anew."""
    return st.session_state[SETS]


def first_dataset() -> str:
    """What the sidebar starts with: real digits, in full where they are here."""
    return next(iter(image_sets()))


def choice() -> Choice:
    """What the sidebar says, for a page."""
    return st.session_state[CHOSEN]


def _is_trained(choice: Choice, latent_dim: int | None = None) -> bool:
    """Whether the model in focus is trained at the sidebar's d, or at another one."""
    spec = cached.specs(choice.dataset, latent_dim or choice.latent_dim).get(choice.family)
    return spec is not None and cached.is_trained(spec)


def model_in_focus(choice: Choice) -> ModelSpec | None:
    """The spec of the model in focus if it is trained; else a sentence on what to do, and None."""
    if _is_trained(choice):
        return cached.specs(choice.dataset, choice.latent_dim)[choice.family]
    which = f"{the(choice.family, opens=True)} is not trained for {choice.title} at d = {choice.latent_dim}"
    st.info(f"{which}: train it in the sidebar, or choose another.")
    return None


def follow_the_sidebar() -> None:
    """The sidebar's d was moved: a page that had opened at d = 2 shows what was asked for."""
    if is_of_this_view(CODE_SIZE):
        st.session_state[CODE_SIZE] = OF_THE_SIDEBAR


def opened_at_two(choice: Choice, larger: str = LARGER_CODE) -> Choice:
    """The choice at d = 2, where a plane shows the whole code, until a person asks for the sidebar's d; the page says which it is.

    A model that is trained at the sidebar's d alone is shown there, if that is more than a plane. A code of one number has none.

    Args:
        choice: of the sidebar.
        larger: what is said of a code of d dimensions, which it may name as `{d}`.
    """
    links.note(CODE_SIZE)
    is_larger_alone = choice.latent_dim > 2 and _is_trained(choice) and not _is_trained(choice, 2)
    if choice.latent_dim == 2 or 2 not in latent_dims(choice.dataset) or is_larger_alone:
        return choice
    if choice.latent_dim == 1 and _is_trained(choice, 2):
        st.caption(NO_PLANE)
        return replace(choice, latent_dim=2)
    if segmented("Size of the code", (AT_TWO, OF_THE_SIDEBAR), key=CODE_SIZE) == AT_TWO:
        st.caption(f"The sidebar has d = {choice.latent_dim}.")
        return replace(choice, latent_dim=2)
    if choice.latent_dim > 2:
        st.caption(larger.format(d=choice.latent_dim))
    return choice


def latent_dims(dataset: str) -> list[int]:
    """The dimensions that the shipped recipes use for a data set, and those that this machine has trained besides."""
    usual = own_dims(dataset) if is_own(dataset) else data.recipe_of(dataset).usual_dims
    return sorted({*usual, *(checkpoint.spec.latent_dim for checkpoint in cached.recipes(dataset))})


def own_dims(dataset: str) -> list[int]:
    """The dimensions offered for a data set of one's own: such as every family can have, and the browser can decode PCA's codes of."""
    images = identity(dataset)
    most = min(images.n_features - 1, images.n_train - 2, LARGEST // (2 * images.n_features) - 1)
    possible = [d for d in OWN_DIMS if d <= most]
    return possible[1:] if len(possible) > 2 else possible


def advanced(usual: Mapping[str, object] | None = None) -> DeltaGenerator:
    """Where a page has its advanced settings: units, files' formats, how many images are drawn, notation, how something is trained.

    They are folded, and open where a link sets one of them.

    Args:
        usual: key of each → what it says when the page opens; None where open they would push the picture, or what starts it, out of
            sight: there they stay folded, whatever a link sets.
    """
    state = st.session_state
    state[UNFOLDED] = state.get(UNFOLDED, False) or any(_is_set(key, value) for key, value in (usual or {}).items())
    return st.expander("More settings", state[UNFOLDED], icon=":material/tune:", key=ADVANCED)


def _is_set(key: str, usual: object) -> bool:
    """Whether a widget that is about to be drawn says something else than when its page opens, to the session, or else in the address."""
    said = st.session_state.get(key, st.query_params.get(key))
    return said is not None and str(said).casefold() != str(usual).casefold()  # the address has the menu's ReLU, the session its `relu`


def segmented(label: str, options: tuple[str, ...], key: str, *, help: str | None = None) -> str:
    """One of a few words, side by side; the first is the default."""
    return st.segmented_control(label, options, default=options[0], required=True, **bound(key), width="stretch", help=help)


def by_title(label: str, options: Sequence[str], key: str, *, title: Callable[[str], str], usual: str, is_drawn: bool = True) -> str:
    """Choose one of a few that a menu calls by their titles, and the address and the session by their names.

    The parameter of the address is written here: a bound widget would write the title there.

    Args:
        label: of the menu.
        options: their names.
        key: of the menu, and its parameter of the address.
        title: of a name.
        usual: the name that it begins with.
        is_drawn: whether there is a menu; without one what was chosen is held.
    """
    if key not in st.session_state:  # a link opens this session, or one comes back to the page
        st.session_state[key] = st.query_params.get(key)
    settle(key, options, usual)
    if is_drawn:
        name = st.selectbox(label, options, format_func=title, key=key)
    else:
        name = st.session_state[key] = st.session_state[key]  # the session forgets what a widget alone held
    links.write(key, name, usual=usual)
    return name


def draw(label: str = "Resample", key: str = "draw", *, icon: str | None = ":material/shuffle:") -> int:
    """A button that draws again, and beside it, since one goes back by it, the number of the draw: the seed, kept in the address."""
    left, right = st.columns((3, 2), gap="xsmall", vertical_alignment="bottom")
    right.number_input("Draw", 0, 9999, 0, **bound(key), label_visibility="collapsed")
    left.button(label, icon=icon, on_click=_next_draw, args=(key,), width="stretch")
    return st.session_state[key]


def _next_draw(key: str) -> None:
    st.session_state[key] = (st.session_state.get(key, 0) + 1) % 10_000


def what_needs_no_data(choice: Choice) -> str:
    """The line below a title where the data set is absent: what is shown instead."""
    return f"The images of {choice.title} are not on this machine: this page shows what its models draw by themselves."
