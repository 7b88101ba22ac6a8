from __future__ import annotations

from dataclasses import replace

import pytest

from clerk_app.counter.help_pages import KEYS_TOPIC, TOPICS, found_pages, help_folder, help_pages
from clerk_app.settings import Settings

LANGUAGES = pytest.mark.parametrize("language", ["zh_CN", "en"])
#: What a picture of a help page may weigh, in bytes.
LARGEST = 60_000
#: Pages without a screen of their own; the first shows the sample's papers instead.
WITHOUT_PICTURE = {"first-claim", KEYS_TOPIC}


@LANGUAGES
def test_every_page_says_what_for_how_and_what_to_do_when_it_is_refused(language: str) -> None:
    pages = help_pages(replace(Settings(), language=language))
    assert [page.topic for page in pages] == [*TOPICS, KEYS_TOPIC]
    assert len({page.title for page in pages}) == len(pages)
    refused = {"zh_CN": "## 不通过时", "en": "## When it is refused"}[language]
    for page in pages[:-1]:
        assert page.text.startswith(f"# {page.title}\n\n"), page.topic
        assert refused in page.text, page.topic
        assert (page.picture is None) is (page.topic in WITHOUT_PICTURE), page.topic


@LANGUAGES
def test_there_is_no_page_and_no_picture_that_nobody_opens(language: str) -> None:
    folder = help_folder() / language
    assert {path.stem for path in folder.glob("*.md")} == set(TOPICS)
    pictures = list(folder.glob("*.png"))
    assert {path.stem for path in pictures} == set(TOPICS) - WITHOUT_PICTURE
    assert [path.name for path in pictures if path.stat().st_size > LARGEST] == []


def test_both_languages_have_the_same_headings_and_name_the_same_keys() -> None:
    for topic in TOPICS:
        chinese, english = ((help_folder() / name / f"{topic}.md").read_text("utf-8") for name in ("zh_CN", "en"))
        assert chinese.count("\n## ") == english.count("\n## "), topic
        assert {*chinese.split("`")[1::2]} == {*english.split("`")[1::2]}, topic


def test_a_word_finds_the_pages_that_have_it_titles_first() -> None:
    pages = help_pages(Settings())
    found = found_pages(pages, "复核")
    assert found[0].title == "复核"
    assert len(found) > 1
    assert [page.topic for page in found_pages(pages, "第二人  银行")][:1] == ["payee"]
    assert found_pages(pages, "没有这样的词") == []
    assert found_pages(pages, "") == list(pages)


def test_an_unknown_language_gets_the_chinese_pages() -> None:
    assert help_pages(replace(Settings(), language="eo"))[0].title == "第一单怎么做"
