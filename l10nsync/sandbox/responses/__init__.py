"""One module per API group: requests to calls of the rules, results to answers."""
