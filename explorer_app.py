"""The pages of the explorer, in the order of a lecture; `pages/frame` draws what stands around them.

The server imports this file once, and finds `app`; every visit then runs it as a script.
"""

from __future__ import annotations

import streamlit as st

from pages.frame import navigation, server, streamlit_patches
from pages.frame.navigation import Page

# fmt: off
PAGES = (
    Page("start/home", "Home", "home", "", uses_data=False,
         help="Drag a point and watch two numbers become a digit."),
    Page("start/families", "Five families", "grid_view", "families",
         help="One test image through every family of models: what each rebuilds, and what it can do."),
    Page("start/lectures", "Lectures", "menu_book", "lectures", uses_data=False,
         help="Four lectures, step by step: a question, a prediction, the view that decides it, the answer."),
    Page("linear/fitting", "Fitting p(x)", "blur_circular", "fitting",
         help="Gaussians and k-means on points and on pixels, and how many dimensions images fill."),
    Page("linear/pca_by_hand", "PCA by hand", "rotate_right", "pca-by-hand", uses_data=False,
         help="Turn a direction through points until the least is lost: PCA, line by line."),
    Page("linear/pca_images", "PCA of images", "filter_frames", "pca-of-images",
         help="How many components an image needs, and what each of them adds."),
    Page("linear/linear_autoencoder", "Linear autoencoder", "change_history", "linear-autoencoder",
         help="Watch gradient descent turn a linear autoencoder into PCA."),
    Page("autoencoders/compare", "Compare", "compare", "compare",
         help="The same test images rebuilt by every model, with their errors."),
    Page("autoencoders/toys", "Toys, live", "model_training", "manifold-toys", uses_data=False,
         help="Train an autoencoder or a VAE on points, and watch the curve of its decoder bend."),
    Page("autoencoders/denoising", "Denoising", "auto_fix_high", "denoising", uses_data=False,
         help="Put noise on images, and see which model takes it away, and how well the best linear one would."),
    Page("autoencoders/few_labels", "Few labels", "sell", "few-labels",
         help="Ten labels, a hundred, a thousand: what they are worth on pixels and on codes."),
    Page("latent/pad", "Drag a point", "touch_app", "manifold-pad",
         help="Drag a code over the plane: the decoder draws its image as you move."),
    Page("latent/grid", "Grid", "grid_on", "manifold-grid",
         help="Decoded images on a grid of codes: where is the latent space empty?"),
    Page("latent/samples", "Samples", "casino", "manifold-samples",
         help="Images that each model draws from the prior, with its test ELBO."),
    Page("latent/paths", "Paths", "timeline", "manifold-paths",
         help="Move one latent dimension, or walk from one image to another."),
    Page("latent/codes", "Codes", "scatter_plot", "manifold-codes",
         help="The codes of all test images: colour them, circle some, look at their images."),
    Page("latent/smoothness", "Smoothness", "blur_on", "manifold-smoothness",
         help="What the decoder draws at a code, beside the training images that it averages."),
    Page("latent/ring", "The ring", "trip_origin", "expressiveness", uses_data=False,
         help="A normal distribution becomes a ring before your eyes, with its exact density."),
    Page("latent/learn", "Learning it", "school", "expressiveness-learned", uses_data=False,
         help="Two networks learn the ring, live, and show where they fail."),
    Page("latent/line", "Line to curve", "gesture", "expressiveness-curve", uses_data=False,
         help="A line of codes becomes a curve, with tangent and density."),
    Page("elbo/evidence", "Why p(x) is hard", "help_center", "why-hard",
         help="Guess codes for an image: how few of them count towards its probability."),
    Page("elbo/bound", "The bound", "vertical_align_top", "bound", uses_data=False,
         help="Drag q beside the exact posterior, and see how far the ELBO lies below log p(x)."),
    Page("elbo/kl", "KL of two Gaussians", "join_inner", "kl", uses_data=False,
         help="Drag q: its KL divergence to the prior by closed form, quadrature and draws."),
    Page("elbo/inside", "Inside a VAE", "account_tree", "inside",
         help="The network with its activations, and the gradient that a random node stops or lets through."),
    Page("elbo/posterior", "Which posterior?", "adjust", "which-posterior",
         help="The exact posterior of an image under the encoder's q, and what each approximation of a VAE costs."),
    Page("elbo/em", "EM and the VAE", "stairs_2", "em", uses_data=False,
         help="Take E and M steps one by one, and see bound and likelihood climb; then a VAE, whose gap remains."),
    Page("rates/frontier", "The frontier", "balance", "frontier", uses_data=False,
         help="Trained VAEs on the plane of rate and distortion, each with its images."),
    Page("rates/frontier_training", "The frontier, live", "play_circle", "frontier-training", uses_data=False,
         help="Train a grid of β and d, and watch the frontier form."),
    Page("rates/latent_dim", "Choosing d", "straighten", "latent-dim",
         help="Criteria for the number of latent dimensions, side by side."),
    Page("rates/water_filling", "Exact curve", "water", "exact-curve",
         help="The exact rate–distortion curve of linear models, with trained models on it."),
    Page("rates/collapse", "Losses and collapse", "power_off", "collapse",
         help="Choose a loss and see which latent dimensions it switches off."),
    Page("rates/strong_decoder", "Strong decoders", "view_week", "strong-decoders", uses_data=False,
         help="Let a decoder see pixels besides its code, and watch the code become empty."),
    Page("rates/doctor", "Doctor", "stethoscope", "doctor",
         help="Measure whether a trained model uses its code."),
    Page("rates/discrete_world", "Discrete world", "apps", "discrete-world", uses_data=False,
         help="A world of four states in which every distribution is a table."),
    Page("rates/rda", "RDA and β", "link", "rda",
         help="A rate–distortion autoencoder beside a β-VAE, dial by dial."),
    Page("beyond/labels", "With labels", "label", "labels",
         help="A VAE that is told the label: keep a code, change the label, and the style stays."),
    Page("beyond/files", "A real file", "archive", "files",
         help="A VAE writes images into a file that can be weighed, downloaded and read back without loss."),
    Page("beyond/sequences", "Sentences", "lyrics", "sequences", uses_data=False,
         help="Walk from one sentence to another through codes, beside the exact entropy of all sentences."),
    Page("beyond/approaches", "Four approaches", "view_column", "approaches", uses_data=False,
         help="Autoregressive model, flow, VAE and GAN on the same points: draws, densities, and what each can do."),
    Page("beyond/museum", "Museum", "museum", "museum", uses_data=False,
         help="Systems of the lectures as small working models, and a timeline of published numbers beside ours."),
    Page("beyond/draw", "Step by step", "brush", "draw", uses_data=False,
         help="An image drawn in steps: what each step writes, what it pays, and what it gains."),
    Page("own/bring", "Bring a picture", "add_photo_alternate", "own-images",
         help="Draw a digit or bring a picture: every model rebuilds it."),
    Page("own/place", "Where it lies", "my_location", "own-place",
         help="Where your picture lies among the test images of a model."),
    Page("own/photograph", "Photograph", "photo_camera", "photograph", uses_data=False,
         help="A photograph compressed by PCA, a VAE, JPEG and WebP."),
    Page("own/dataset", "A data set of yours", "create_new_folder", "own-data-set",
         help="Make a data set of your own images, and see its principal components."),
    Page("training/train", "Train a model", "model_training", "train",
         help="Choose settings, start a training, and watch its curves."),
    Page("training/film", "Training film", "movie", "training-film",
         help="What a model drew after each epoch of its training."),
    Page("training/library", "Model library", "inventory_2", "library",
         help="Every trained model: compare, export, import, delete."),
)
# fmt: on

streamlit_patches.apply()
if streamlit_patches.is_visit():
    navigation.show(PAGES)
else:
    app = st.App(__file__, routes=server.routes(), middleware=server.middleware())
    server.prepare()
