"""What every figure and picture is drawn with. Nothing here knows a model or a page."""
