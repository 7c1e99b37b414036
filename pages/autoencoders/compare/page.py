"""What does each model keep of an image? Originals beside every model's reconstruction, with errors and test means."""

from __future__ import annotations

from pages.autoencoders.compare.controls import test_images
from pages.autoencoders.compare.view import linear_optimum, published_sse
from pages.shared import cached, controls, numbers, page, words
from vae_core.explore import reconstructions_figure as figures
from vae_core.explore.reconstructions import mean_of_metrics, published

choice = controls.choice()
specs = cached.specs(choice.dataset, choice.latent_dim)
trained = cached.trained(specs)
means = {family: str(mean_of_metrics(found)) for family, found in cached.metrics(choice.dataset, choice.latent_dim).items()}
measured = cached.measured(choice.dataset)
text = words.beside(__file__)

with_data = (
    f"Test images of {choice.title}, and what comes back through a code of d = {choice.latent_dim} numbers. Below: squared error (SSE)."
)
page.header("What does each model keep of an image?", with_data if choice.has_data else controls.what_needs_no_data(choice))
picture, side = page.columns()

with side:
    view = controls.segmented("Show", ("images", "errors", "means") if choice.has_data else ("samples", "means"), key="show")
    indices = test_images(choice) if view in ("images", "errors") else ()
    seed = controls.draw() if view == "samples" else 0
    numbers.test_sse(choice)
    linear_optimum(choice)
    published_sse(choice)

table = None
if view == "samples":
    drawn = {family: cached.prior_means(spec, 6, seed) for family, spec in trained.items()}
    table = figures.samples({family: images for family, images in drawn.items() if images is not None})
elif indices:
    test = cached.dataset(choice.dataset).test
    table = figures.comparison(
        test.x[list(indices)],
        {family: cached.reconstructions(spec, indices) if family in trained else () for family, spec in specs.items()},
        captions=figures.image_captions(indices, cached.labels(choice.dataset)),
        lines={"original": "test mean SSE"} | means,
        focus=choice.family,
        show_errors=view == "errors",
    )

with picture:
    if table is not None:
        page.image_table(table)
    elif measured:
        of_all = {"latent_dim": choice.latent_dim, "published": published(choice.dataset)}
        page.chart(
            cached.lasting_chart("means", (choice.dataset, choice.latent_dim), lambda: figures.sse_by_latent_dim(measured, **of_all))
        )
    section = "images" if view == "errors" else view
    values = {"indices": list(indices), "show_errors": view == "errors", "seed": seed, **choice.values()}
    page.footer(
        seeing=text.seeing,
        try_this=text.try_this,
        notebook=text.lines(section, **values),
        downloads=page.downloads(f"{choice.dataset}-d{choice.latent_dim}-{view}", table, lambda: figures.measured_csv(measured)),
    )
