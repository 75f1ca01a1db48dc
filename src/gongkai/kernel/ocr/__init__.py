"""Recognizing text in scans and pictures (OCR): pages to images, images to lines, lines to a neutral document.

The engine is ``rapidocr-onnxruntime``; its models come inside the wheel, nothing is fetched. What it reads is a proposal:
every line has a confidence, and a person looks at it. Nothing here needs Django or a database.
"""

from gongkai.kernel.ocr.engine import DOUBTFUL, ENGINE, Word, engine_ready, recognize
from gongkai.kernel.ocr.layers import PageLayer, document_of
from gongkai.kernel.ocr.pages import PICTURES, count_pages, page_image, picture_kind

__all__ = [
    "DOUBTFUL",
    "ENGINE",
    "PICTURES",
    "PageLayer",
    "Word",
    "count_pages",
    "document_of",
    "engine_ready",
    "page_image",
    "picture_kind",
    "recognize",
]
