"""Reading office files into one neutral structure, and writing letters (DOCX) and lists (XLSX).

``read_document`` takes TXT, DOCX, XLSX, PDF (text layer), OFD and HTML, found by content and not by the file's name.
What cannot be read is refused with Chinese sentences (``DocumentRefused``), never with a library's traceback. Nothing
here needs Django settings or a database, so that ``gongkai plan read`` can use it alone.
"""

from gongkai.kernel.documents.errors import DocumentRefused
from gongkai.kernel.documents.limits import DEFAULT, Limits
from gongkai.kernel.documents.reader import read_document
from gongkai.kernel.documents.render import render_docx
from gongkai.kernel.documents.sheets import Sheet, write_table_xlsx, write_workbook_xlsx

__all__ = [
    "DEFAULT",
    "DocumentRefused",
    "Limits",
    "Sheet",
    "read_document",
    "render_docx",
    "write_table_xlsx",
    "write_workbook_xlsx",
]
