"""What a reader sees of one statement, for every format that people read: HTML, PDF and Markdown dress it."""

from slacheck.reports.document.building import document
from slacheck.reports.document.shapes import Document

__all__ = ["Document", "document"]
