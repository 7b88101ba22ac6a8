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
    settings = Settings(office_name=name, area_code="360000", font_scale=scale)

    save_settings(settings, folder)

    assert load_settings(folder) == settings


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('ofice = "real"', "setting_unknown", "office"),
        ("area_code = 5", "setting_invalid", "area_code"),
        ("lock_minutes = 0", "setting_invalid", "lock_minutes"),
        ('office = "other"', "setting_invalid", "office"),
        ("font_scale = 500", "setting_invalid", "font_scale"),
        ('language = "fr"', "setting_invalid", "language"),
        ('theme = "pink"', "setting_invalid", "theme"),
        ("area_code = ", "settings_unreadable", FILE_NAME),
    ],
)
def test_a_faulty_file_is_named_with_what_to_do(tmp_path: Path, text: str, code: str, words: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")

    with pytest.raises(ClerkError) as error:
        load_settings(tmp_path)

    assert error.value.code == code
    assert words in sentence(error.value)


def test_what_nobody_needs_any_more_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('clerk = "李经办示例"\noffice_code = "360000"\n', encoding="utf-8")

    assert load_settings(tmp_path) == Settings(office_code="360000")
    save_settings(load_settings(tmp_path), tmp_path)
    assert "clerk" not in (tmp_path / FILE_NAME).read_text(encoding="utf-8")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClerkError, match="file_not_written"):
        save_settings(Settings(), tmp_path / "none")
