from __future__ import annotations

from clerk_app.documents import fonts
from clerk_app.documents.warming import warm_up


def test_what_the_first_voucher_needs_is_there_after_an_idle_moment() -> None:
    warm_up()
    assert fonts.MAIN in fonts._faces
    before = fonts.ems.cache_info().misses
    fonts.ems("统筹支付")
    assert fonts.ems.cache_info().misses == before, "labels are measured once"
