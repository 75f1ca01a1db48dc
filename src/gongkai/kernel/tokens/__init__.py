"""Other systems that call us, and the tokens by which they are let in: scoped, dated, revocable, kept as keyed digests.

``web.TokenView`` is the base of every address that wants one; a feature says which scopes there are with
``scopes.register_scopes``. How it is meant is told in docs/domain/tokens.md.
"""
