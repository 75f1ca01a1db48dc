"""Disclosure on application (依申请公开): applications, their cases, letters and figures.

Implements articles 27 to 45 of 《政府信息公开条例》. What may be done with a case and when it is due is decided by
``gongkai.domain.foi``; here cases are kept as the dated events they consist of, and shown to those who handle them.
"""
