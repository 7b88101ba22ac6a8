from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.errors import ClerkError
from clerk_app.settings import FILE_NAME, Settings, load_settings, save_settings
from clerk_app.wording import sentence


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


@given(name=st.text(st.characters(codec="utf-8")), scale=st.integers(80, 200))
def test_settings_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, name: str, scale: int
) -> None:
    folder = tmp_path_factory.mktemp("office")
    settings = Settings(office_name=name, clerk="李经办示例", font_scale=scale)

    save_settings(settings, folder)

    assert load_settings(folder) == settings


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('clrek = "李"', "setting_unknown", "clerk"),
        ("clerk = 5", "setting_invalid", "clerk"),
        ("font_scale = 500", "setting_invalid", "font_scale"),
        ("clerk = ", "settings_unreadable", FILE_NAME),
    ],
)
def test_a_faulty_file_is_named_with_what_to_do(tmp_path: Path, text: str, code: str, words: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")

    with pytest.raises(ClerkError) as error:
        load_settings(tmp_path)

    assert error.value.code == code
    assert words in sentence(error.value)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClerkError, match="file_not_written"):
        save_settings(Settings(), tmp_path / "none")
