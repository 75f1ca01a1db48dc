"""Tables of the public site: but for words of editors and readers, all can be made again from the publications."""

from gongkai.portal.models.alerts import AlertMail, AlertNews, AlertReader, SearchAlert
from gongkai.portal.models.feedback import PageFeedback
from gongkai.portal.models.pages import ColumnPage, HomePage, TextPage, TopicPage
from gongkai.portal.models.release import ReleaseChange, ReleaseList, Slot
from gongkai.portal.models.search import (
    AttachmentText,
    PinnedResult,
    SearchEntry,
    SearchGeneration,
    SearchMiss,
    SynonymGroup,
)
from gongkai.portal.models.sites import PageOrder, PagePublication, PageReading, SharedItem, Website

__all__ = [
    "AlertMail",
    "AlertNews",
    "AlertReader",
    "AttachmentText",
    "ColumnPage",
    "HomePage",
    "PageFeedback",
    "PageOrder",
    "PagePublication",
    "PageReading",
    "PinnedResult",
    "ReleaseChange",
    "ReleaseList",
    "SearchAlert",
    "SearchEntry",
    "SearchGeneration",
    "SearchMiss",
    "SharedItem",
    "Slot",
    "SynonymGroup",
    "TextPage",
    "TopicPage",
    "Website",
]
