"""The static release as a plan: places of items in lists, parts of the site, what a change touches, the manifest. Pure."""

from gongkai.domain.release.lists import ALL, ListKey, column_list, lists_of, unit_list
from gongkai.domain.release.manifest import Entry, Findings, compare, digest_of, head_bytes, shard_bytes, shard_of
from gongkai.domain.release.owners import part_of
from gongkai.domain.release.parts import Kind, Part, file_of, files_of, folder_of, item_part, page_part, url_of
from gongkai.domain.release.plan import Place, touched
from gongkai.domain.release.slots import (
    PAGE,
    SHARD,
    Slots,
    index_numbers,
    index_pages,
    numbers_of,
    page_of,
    pages_in,
    shard_numbers,
    sitemap_shard_of,
    sitemap_shards_in,
)

__all__ = [
    "ALL",
    "PAGE",
    "SHARD",
    "Entry",
    "Findings",
    "Kind",
    "ListKey",
    "Part",
    "Place",
    "Slots",
    "column_list",
    "compare",
    "digest_of",
    "file_of",
    "files_of",
    "folder_of",
    "head_bytes",
    "index_numbers",
    "index_pages",
    "item_part",
    "lists_of",
    "numbers_of",
    "page_of",
    "page_part",
    "pages_in",
    "part_of",
    "shard_bytes",
    "shard_numbers",
    "shard_of",
    "sitemap_shard_of",
    "sitemap_shards_in",
    "touched",
    "unit_list",
    "url_of",
]
