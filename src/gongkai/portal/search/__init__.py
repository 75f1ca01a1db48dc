"""The search of the public site: a tantivy index beside the database, made from publications and from nothing else.

The index is an artifact: ``gongkai search rebuild`` makes it again at any time. What it finds is compared with the
publications at the moment of the question, so that nothing withdrawn is ever shown, counted or suggested.
"""
