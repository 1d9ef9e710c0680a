"""A province of made-up certificates, as ``service.publishing`` answers."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

Json = dict[str, Any]
_GOODS = ("Chè", "Cà phê", "Tương bần", "Mật ong hoa nhãn", "Nước mắm", "Bánh đa", "Gạo nếp", "Rượu đế", "Tỏi đen")
_KINDS = ("truyền thống", "hữu cơ", "sấy dẻo", "đặc sản", "loại một")
_COMMUNES = ("Phường Mỹ Hào", "Xã Đại Đồng", "Xã Như Quỳnh", "Xã Hoàn Long", "Phường Phố Hiến", "Xã Ân Thi")
_STATUSES = ("valid", "valid", "valid", "re_rating_window", "grace", "expired", "revoked", "replaced", "unknown")


def code(number: int) -> str:
    """As long as a signed code, and as random."""
    payload = b"".join(hashlib.sha256(f"{number}-{part}".encode()).digest() for part in range(9))[:270]
    return "OCOP1." + base64.urlsafe_b64encode(payload).decode() + "." + "A" * 91


def province(count: int) -> Json:
    """``count`` certificates of every standing; those in force carry a code."""
    return {
        "on": "2026-06-01",
        "unit": "Tỉnh Hưng Yên",
        "training": False,
        "key": "hung-yen+00000000+AQ",
        "certificates": [_certificate(number, count) for number in range(count)],
        "warnings": [],
    }


def _certificate(number: int, count: int) -> Json:
    status = _STATUSES[number % len(_STATUSES)]
    settled = status in ("revoked", "replaced")
    return {
        "number": f"GCN-2025-{number:06d}-K",
        "product": f"{_GOODS[number % len(_GOODS)]} {_KINDS[number // 9 % len(_KINDS)]} số {number}",
        "entity": f"Hợp tác xã số {number % 300}",
        "stars": 3 + number % 3,
        "commune": _COMMUNES[number % len(_COMMUNES)],
        "issuer": "Tỉnh Hưng Yên",
        "decision": f"{number % 90}/QĐ-UBND",
        "issued_on": "2025-03-01",
        "valid_to": None if status == "unknown" else "2028-03-01",
        "status": status,
        "status_on": "2026-01-15" if settled else None,
        "replaced_by": f"GCN-2025-{(number + 1) % count:06d}-K" if status == "replaced" else None,
        "code": code(number) if status in ("valid", "re_rating_window", "grace") else None,
    }
