"""Apache Spark as an engine: the same reductions, on files and tables of any size. Imported only when asked for."""
