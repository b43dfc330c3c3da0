"""The order book on more than one machine: the same kernel under Dask and under Spark."""
