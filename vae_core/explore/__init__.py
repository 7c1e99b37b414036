"""The questions that pages ask of a model; arrays in, arrays out. The last place that knows torch."""
