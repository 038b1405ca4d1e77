"""Formulas that are not plain, in guarded processes: the pool's side of one, and all that runs inside it.

The pool's side: `process` (one child), `batch` (the jobs of a call), `frames` (messages). The child's: `worker`,
`evaluation` (what it does with requests), `jsonata_language` (the evaluator) with `steps`, `standard` and its kin
(JSONata's own operators and functions, as its reference has them), `outcomes` (plain JSON out), `timer`.
"""
