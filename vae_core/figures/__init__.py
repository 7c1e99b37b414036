"""Arrays to figures: Plotly charts, and pictures of images by Pillow. Nothing here knows a model or a page."""
