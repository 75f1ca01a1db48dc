"""The interface for connected systems (12345 hotline): handing over applications, asking about them, figures.

Everything here wants a token (``kernel.tokens``). ``views`` answers, ``reading`` reads what is sent, ``shapes`` says in
which form things are told, ``serializers`` says both to the OpenAPI document (tests hold them together).
"""
