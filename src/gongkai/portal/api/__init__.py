"""The read API: everything that is public at this moment as JSON, for anybody, without keys and without cookies.

It goes by publications alone, like the pages. ``views`` answers, ``shapes`` says in which form, ``serializers`` says the
same to the OpenAPI document (tests hold them together), ``dumps`` and ``services.dump`` keep the daily file.
"""
