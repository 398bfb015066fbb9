"""Networks: layers in a row or in a graph, folded, trained, read from files and written to them."""
