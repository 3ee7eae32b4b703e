"""Actions are known by reading their sources, however a class says its name."""

from __future__ import annotations

import pytest

from tests.unit.teaching.checks.conftest import Company

WAYS = {
    "returned": 'class X(Action):\n    def name(self):\n        return "action_new"\n',
    "a constant": 'NEW = "action_new"\nclass X(Action):\n    def name(self) -> str:\n        return NEW\n',
    "an attribute": 'class X(Base):\n    action_name: str = "action_new"\n',
    "an argument of the class": 'class X(Base, action_name="action_new"):\n    pass\n',
    "put together": 'KIND = "new"\nclass X(Action):\n    def name(self):\n        return f"action_{KIND}"\n',
    "added": 'KIND = "new"\nclass X(Action):\n    def name(self):\n        return "action_" + KIND\n',
    "a table": 'NAMES = {"x": "action_new"}\nclass X(Action):\n    def name(self):\n        return NAMES["x"]\n',
    "made while it runs": 'def make(x):\n    return type(x, (Action,), {"name": lambda self: x})\nmake("action_new")\n',
}


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS.keys())
def test_a_name_is_found_however_it_is_written(company: Company, source: str) -> None:
    """A false alarm would stop a company that is right."""
    company.change("domain.yml", "action_fetch, ", "action_fetch, action_new, ")
    assert company.mistakes()
    company.write("actions/deeper/new.py", f"from rasa_sdk import Action\nfrom actions.all import Base\n{source}")
    assert company.mistakes() == []


def test_a_name_that_is_only_spoken_of_is_no_class(company: Company) -> None:
    """A follow-up action named in a text is not one."""
    company.change("domain.yml", "action_fetch, ", "action_fetch, action_new, ")
    company.write("actions/other.py", 'NEXT = FollowupAction("action_new")\n')
    (told,) = company.mistakes()
    assert told.startswith("domain.yml:21: no class in actions/ is called action_new.")


def test_a_company_without_python_actions_is_let_through(company: Company) -> None:
    """They may be another server's."""
    for path in sorted((company.root / "actions").iterdir()):
        path.unlink()
    (company.root / "actions").rmdir()
    assert company.mistakes() == []


def test_one_file_instead_of_a_package_is_read(company: Company) -> None:
    """Rasa's own starter project has actions.py or actions/actions.py."""
    text = (company.root / "actions" / "all.py").read_text()
    for path in sorted((company.root / "actions").iterdir()):
        path.unlink()
    (company.root / "actions").rmdir()
    company.write("actions.py", text)
    assert company.mistakes() == []
    company.write("actions.py", text + "def broken(:\n")
    assert company.mistakes()[-1].startswith(f"actions.py:{text.count(chr(10)) + 1}: this is not Python")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = [1, 2\n\ny = 3\n", 1),
        ("def f():\nreturn 1\n", 2),
        ("a = 'b\n", 1),
        ("match x:\n  case 1 | y:\n    pass\n a\n", 4),
    ],
)
def test_what_python_cannot_read_is_named(company: Company, source: str, line: int) -> None:
    """The process restarted for ever, with the message in a log."""
    company.write("actions/broken.py", source)
    (told,) = company.mistakes()
    assert told.startswith(f"actions/broken.py:{line}: this is not Python")


def test_a_check_of_a_form_that_the_domain_does_not_name_is_remarked(company: Company) -> None:
    """Rasa never calls it, and says nothing."""
    company.change("domain.yml", ", validate_repair_form", "")
    assert company.mistakes() == []
    (told,) = company.remarks()
    assert "validate_repair_form checks a form, but Rasa only calls it if the domain lists it." in told


@pytest.mark.parametrize("base", ["ValidationAction", "forms.ValidationAction"])
def test_a_check_of_slots_is_known_by_its_class_and_remarked_where_the_domain_does_not_name_it(
    company: Company, base: str
) -> None:
    """rasa-sdk names it; Rasa never calls what the domain does not list."""
    company.write("actions/slots.py", f"import rasa_sdk\n\n\nclass Check({base}):\n    pass\n")
    assert company.mistakes() == []
    (told,) = company.remarks()
    assert "action_validate_slot_mappings checks what messages fill, but Rasa only calls it if" in told
    company.change("domain.yml", "action_fetch, ", "action_fetch, action_validate_slot_mappings, ")
    assert (company.mistakes(), company.remarks()) == ([], [])


def test_two_stages_that_an_action_asks_for_are_remarked(company: Company) -> None:
    """R3: where it cannot end, Rasa predicts for ever; which intent comes before is not written there."""
    company.change(
        "actions/all.py", '"utter_welcome_back"', '"utter_welcome_back"); FollowupAction("action_two_stage_fallback"'
    )
    assert any("action_two_stage_fallback is named here" in told for told in company.remarks())


def test_a_response_that_only_an_action_knows_is_remarked(company: Company) -> None:
    """The customer would hear nothing; a name that gets an ending is left alone."""
    line = company.change("actions/all.py", '"utter_welcome_back"', '"utter_welcom_back"')
    company.write("actions/more.py", 'PREFIX = "utter_ask"\n')
    assert company.mistakes() == []
    assert f"actions/all.py:{line}: the domain has no response utter_welcom_back. Did you mean utter_welcome_back?" in (
        told.split(" Write ")[0] for told in company.remarks()
    )


def test_the_kits_actions_need_no_class_of_the_companys(company: Company) -> None:
    """They are part of the product; what they say of themselves is no remark for a company that does not use them."""
    assert not any("utter_handing_over" in remark for remark in company.remarks())
    company.change("domain.yml", "action_fetch, ", "action_fetch, action_hand_to_human, ")
    assert company.mistakes() == []


def test_what_one_of_the_kits_actions_says_and_the_domain_lacks_is_told_where_the_domain_names_it(
    company: Company,
) -> None:
    """The customer would hear nothing."""
    line = company.change("domain.yml", "action_fetch, ", "action_fetch, action_hand_to_human, ")
    lacks = f"domain.yml:{line}: the domain has no response utter_handing_over_out_of_scope."
    assert any(remark.startswith(lacks) for remark in company.remarks())


def test_a_class_that_takes_the_name_of_one_of_the_kits_says_what_it_says(company: Company) -> None:
    """The kit's sentences are then nobody's."""
    company.change("domain.yml", "action_fetch, ", "action_fetch, action_hand_to_human, ")
    company.write("actions/own.py", 'class Own(Action):\n    def name(self):\n        return "action_hand_to_human"\n')
    assert not any("utter_handing_over" in remark for remark in company.remarks())


@pytest.mark.parametrize("flag", ["read_only", "repeatable"])
def test_whether_an_action_may_run_is_a_yes_or_a_no(company: Company, flag: str) -> None:
    """Anything else would be found out when a turn fails."""
    line = company.change("actions/all.py", "class Sorry(Action):\n", f"class Sorry(Action):\n    {flag} = 1\n")
    (told,) = company.mistakes()
    assert told.startswith(f"actions/all.py:{line + 1}: {flag} of Sorry is neither True nor False.")
