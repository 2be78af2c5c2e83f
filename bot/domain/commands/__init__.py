"""From what people type to what they mean: words, ids, names, filters, conditions."""
