"""The action server asks the company's package what the kit has to know, and reads the forms in its domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import settings
from bot.action_server.company import Renewal, company_in, content_of
from bot.errors import SettingError
from bot.kit import company as served_company
from bot.kit.company import Company
from bot.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages may be put."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def _package(folder: Path, name: str, company: str | None) -> str:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text("")
    if company is not None:
        (folder / name / "company.py").write_text(company)
    return name


def test_a_company_says_what_it_is(folder: Path) -> None:
    """By a function, called once at the start."""
    source = "from bot.kit.company import Company\ndef company():\n    return Company(told=('size',))\n"
    assert company_in(_package(folder, "shoes", source)).told == ("size",)


@pytest.mark.parametrize("source", [None, "COMPANIES = 3\n"])
def test_a_company_that_says_nothing_has_the_defaults(folder: Path, source: str | None) -> None:
    """No module of that name, or one of its own with another purpose."""
    assert company_in(_package(folder, f"silent{len(source or '')}", source)) == Company()


def test_actions_in_one_file_or_none_at_all_say_nothing(folder: Path) -> None:
    """Rasa's own starter project has actions.py."""
    (folder / "single.py").write_text("")
    assert company_in("single") == Company()
    assert company_in("there_is_no_such_package") == Company()


def test_anything_else_than_a_company_is_refused_with_its_place(folder: Path) -> None:
    """At the start, not with the first customer."""
    with pytest.raises(SettingError, match=r"odd\.company\.company\(\)"):
        company_in(_package(folder, "odd", "def company():\n    return {'told': []}\n"))


def test_the_forms_are_those_of_the_domain(tmp_path: Path) -> None:
    """In their order, from a file or from a folder; a company without a domain has none."""
    where = replace(settings.load({}), root=tmp_path)
    assert content_of(where).forms == {}
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "a.yml").write_text("forms:\n  size_form:\n    required_slots: [size, width]\n")
    (tmp_path / "domain" / "b.yml").write_text("forms:\n  name_form:\n    required_slots: [name]\n")
    assert content_of(where).forms == {"size_form": ("size", "width"), "name_form": ("name",)}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Settings]:
    """A company whose actions are served, and whose folder of models is its own."""
    where = replace(settings.load({}), root=tmp_path, models=tmp_path / "models")
    where.models.mkdir()
    _write_form(where, "size_form")
    before = list(served_company._served)
    served_company.serve_for(Company(), content_of(where))
    yield where
    served_company._served[:] = before


def _write_form(where: Settings, name: str) -> None:
    (where.root / "domain.yml").write_text(f"forms:\n  {name}:\n    required_slots: [size]\n")


def test_a_newer_model_has_the_companys_files_read_anew(served: Settings) -> None:
    """The brain takes it too; what is edited and not trained yet is neither's."""
    renewal = Renewal(served, Company(), every=0)
    _write_form(served, "width_form")
    renewal.renew()
    assert set(served_company.content().forms) == {"size_form"}
    (served.models / "new.tar.gz").write_bytes(b"")
    renewal.renew()
    assert set(served_company.content().forms) == {"width_form"}


def test_files_that_cannot_be_read_leave_everything_as_it_was(
    served: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A slip after the training; it is said once."""
    renewal = Renewal(served, Company(), every=0)
    (served.root / "domain.yml").write_text("forms: [")
    (served.models / "new.tar.gz").write_bytes(b"")
    renewal.renew()
    renewal.renew()
    assert set(served_company.content().forms) == {"size_form"}
    (said,) = caplog.messages
    assert "this is not YAML" in said
