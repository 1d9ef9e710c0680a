"""The pure core: what the law allows and what happened. Values in, values out; no clock, file, network or database."""
