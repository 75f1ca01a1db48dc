"""The catalogue of data sets in the words of DCAT. Pure; an item in those of schema.org is made by disclosure itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Data = dict[str, Any]


def catalog_jsonld(
    *, base: str, place: str, columns: Iterable[Mapping[str, Any]], dump: Mapping[str, Any] | None
) -> Data:
    """Return the catalogue: a dataset for everything, with the dump where there is one, and one for each column.

    ``columns`` and ``dump`` are as ``shapes`` tells them.
    """
    publisher = {"@type": "foaf:Organization", "foaf:name": f"{place}人民政府", "foaf:homepage": {"@id": f"{base}/"}}
    datasets = [_everything(base, place, publisher, dump)]
    datasets += [_column(base, one, publisher) for column in columns for one in _flat(column)]
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Catalog",
        "@id": f"{base}/api/v1/catalog.jsonld",
        "dct:title": f"{place}政府信息公开数据目录",
        "dct:description": f"{place}主动公开的政府信息：按栏目的数据集、每日数据包、变动和读取接口。",
        "dct:language": "zh-Hans",
        "dct:publisher": publisher,
        "foaf:homepage": {"@id": f"{base}/"},
        "dcat:service": [
            {
                "@type": "dcat:DataService",
                "dct:title": "公开信息读取接口",
                "dcat:endpointURL": {"@id": f"{base}/api/v1/"},
                "dcat:endpointDescription": {"@id": f"{base}/api/schema/"},
                "foaf:page": {"@id": f"{base}/api/"},
            }
        ],
        "dcat:dataset": datasets,
    }


def _everything(base: str, place: str, publisher: Data, dump: Mapping[str, Any] | None) -> Data:
    found = _dataset(f"{base}/info/", f"{place}全部公开信息", "现在公开的全部信息。", publisher)
    found["dcat:distribution"] = [
        *_feeds(f"{base}/info/"),
        _distribution("变动（JSON）", f"{base}/api/v1/changes/", "application/json"),
        _distribution("列表（JSON）", f"{base}/api/v1/publications/", "application/json"),
    ]
    if dump is not None:
        file = _distribution("每日数据包（JSON Lines）", dump["url"], "application/x-ndjson")
        file["dcat:downloadURL"] = {"@id": dump["url"]}
        file["dcat:byteSize"] = {"@value": str(dump["size"]), "@type": "xsd:nonNegativeInteger"}
        file["dct:modified"] = {"@value": dump["made_at"], "@type": "xsd:dateTime"}
        file["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": dump["sha256"],
        }
        found["dcat:distribution"].append(file)
    return found


def _column(base: str, column: Mapping[str, Any], publisher: Data) -> Data:
    found = _dataset(column["url"], column["name"], column["description"] or f"栏目“{column['name']}”。", publisher)
    found["dct:identifier"] = column["code"]
    address = f"{base}/api/v1/publications/?column={column['code']}"
    found["dcat:distribution"] = [*_feeds(column["url"]), _distribution("列表（JSON）", address, "application/json")]
    return found


def _dataset(url: str, title: str, description: str, publisher: Data) -> Data:
    return {
        "@type": "dcat:Dataset",
        "@id": url,
        "dct:title": title,
        "dct:description": description,
        "dct:language": "zh-Hans",
        "dct:publisher": publisher,
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT"},
        "dcat:landingPage": {"@id": url},
    }


def _feeds(url: str) -> list[Data]:
    return [
        _distribution("RSS", f"{url}feed.xml", "application/rss+xml"),
        _distribution("Atom", f"{url}atom.xml", "application/atom+xml"),
        _distribution("JSON Feed", f"{url}feed.json", "application/feed+json"),
    ]


def _distribution(title: str, url: str, media_type: str) -> Data:
    return {
        "@type": "dcat:Distribution",
        "dct:title": title,
        "dcat:accessURL": {"@id": url},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
    }


def _flat(column: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [column, *(one for child in column["children"] for one in _flat(child))]
