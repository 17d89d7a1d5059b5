"""What a site lays over the rules: it adds services, hours and contacts, and only ever tightens."""

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.rulebooks import real
from triage.domain.errors import Fault, RulebookRefused
from triage.domain.findings import Urgency
from triage.domain.laid import Change, Laid, LaidOver
from triage.domain.needs import ADDRESSEES
from triage.domain.rulebook import Rulebook
from triage.present import rulebook as words
from triage.present import sign_off
from triage.rules_files import load, load_texts, rules_dir, sign, site_texts, texts
from triage.rules_files.folder import Source
from triage.rules_files.site import laid_over

HEAD = 'owner = "Custody lead of Eastmere (training)"\nchecked_on = 2026-11-23\n'
SERVICE = """
[[service]]
id = "training-harbour-women"
route = "womens_centre"
name = "Harbour women's centre (training)"
suites = ["dock_road"]
nation = "england"
open = "Tuesdays 10:00 to 15:00"
phone = "01632 960001"
checked_on = 2026-11-23
training = true
"""
CONTACT = """
[[contact]]
service = "training-bridge-house"
phone = "01632 960002"
open = "Monday to Saturday 09:30 to 16:30"
checked_on = 2026-11-23
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A site's file of this text, under a head that says whose it is."""

    def written(text: str) -> Path:
        path = tmp_path / "eastmere.toml"
        path.write_text(HEAD + text, "utf-8")
        return path

    return written


def laid(site: Path) -> Rulebook:
    return load(rules_dir(), site=site, draft=True)


def faults(site: Path) -> list[str]:
    with pytest.raises(RulebookRefused) as refused:
        laid(site)
    return [str(fault) for fault in refused.value.faults]


def tighten(text: str) -> str:
    return f'\n[[tighten]]\nwhy = "Agreed here (training)"\n{text}\n'


def soft_rule() -> tuple[str, str]:
    """A rule that can still be raised, and the need that it raises."""
    rule = next(
        each
        for each in real().rules
        if each.needs and each.needs[0][1] is Urgency.SOON and each.do and each.tell
    )
    return rule.id, rule.needs[0][0]


def unlaid(rulebook: Rulebook) -> Rulebook:
    """The same rulebook under the name of the folder alone, to compare all the rest of it."""
    return replace(rulebook, fingerprint=real().fingerprint, laid=())


# Adding ------------------------------------------------------------------------------------------


def test_a_site_adds_a_service_and_nothing_else_changes(write: Write) -> None:
    rulebook = laid(write(SERVICE))

    added = rulebook.services[-1]
    assert (added.id, added.route) == ("training-harbour-women", "womens_centre")
    assert dict(added.details) == {
        "open": "Tuesdays 10:00 to 15:00",
        "phone": "01632 960001",
        "suites": ["dock_road"],
        "nation": "england",
        "training": True,
        "checked_on": date(2026, 11, 23),
    }
    assert unlaid(replace(rulebook, services=rulebook.services[:-1])) == real()


def test_a_site_gives_the_hours_and_contacts_of_a_service(write: Write) -> None:
    before = {each.id: each for each in real().services}["training-bridge-house"]

    after = {each.id: each for each in laid(write(CONTACT)).services}["training-bridge-house"]

    assert dict(after.details) == {
        **before.details,
        "phone": "01632 960002",
        "open": "Monday to Saturday 09:30 to 16:30",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            SERVICE.replace("womens_centre", "womens_center"),
            "eastmere.toml:5 [training-harbour-women] womens_center is not a route that a site's "
            "file can name. Did you mean womens_centre?",
        ),
        (
            SERVICE.replace("training-harbour-women", "training-bridge-house"),
            "eastmere.toml:5 [training-bridge-house] There is a service of this id: [[contact]] "
            "gives its hours and contacts.",
        ),
        (
            SERVICE + 'address = "a refuge"\n',
            "eastmere.toml:5 [training-harbour-women] address is not a key that is known here.",
        ),
        (
            CONTACT.replace("bridge-house", "bridge-hose"),
            "eastmere.toml:5 [training-bridge-hose] training-bridge-hose is not a service that a "
            "site's file can name. Did you mean training-bridge-house?",
        ),
        (
            '[[contact]]\nservice = "training-bridge-house"\nchecked_on = 2026-11-23\n',
            "eastmere.toml:4 [training-bridge-house] Give at least one of open, phone, email, "
            "website.",
        ),
    ],
)  # fmt: skip
def test_a_service_or_contact_that_fits_nothing_is_refused(
    write: Write, text: str, sentence: str
) -> None:
    assert faults(write(text)) == [sentence]


# Tightening --------------------------------------------------------------------------------------


def test_a_site_raises_the_urgency_of_a_rule_and_adds_whom_to_tell(write: Write) -> None:
    name, need = soft_rule()
    old = next(each for each in real().rules if each.id == name)
    more = next(each for each in ADDRESSEES if each not in old.tell)

    rulebook = laid(
        write(tighten(f'rule = "{name}"\nneeds = {{ {need} = "urgent" }}\ntell = ["{more}"]'))
    )

    new = next(each for each in rulebook.rules if each.id == name)
    needs = tuple((each, Urgency.URGENT if each == need else held) for each, held in old.needs)
    assert new == replace(old, needs=needs, tell=(*old.tell, more))
    assert rulebook.program is not None
    rules = tuple(old if each is new else each for each in rulebook.rules)
    assert unlaid(replace(rulebook, rules=rules)) == real()


def test_a_site_shortens_times(write: Write) -> None:
    route = next(each for each in real().routes if (each.target_minutes or 0) > 1)
    again = real().rescreen

    rulebook = laid(
        write(
            tighten(f'route = "{route.id}"\ntarget_minutes = 1')
            + tighten('row = "target_urgent_need_seen"\nvalue = 20')
            + tighten('rescreen = "sober-enough"\nafter_minutes = 60')
            + tighten('after = "charge"\nwithin_minutes = 15')
            + tighten('ask_again = "emergency"\nminutes = 10')
            + tighten('status = "provisional"\nminutes = 90')
        )
    )

    assert next(each for each in rulebook.routes if each.id == route.id).target_minutes == 1
    assert rulebook.law.rows["target_urgent_need_seen"].value == 20
    assert {each.id: each.after_minutes for each in rulebook.rescreen.rules} == {
        **{each.id: each.after_minutes for each in again.rules},
        "sober-enough": 60,
    }
    assert {each.id: each.within_minutes for each in rulebook.rescreen.after} == {
        **{each.id: each.within_minutes for each in again.after},
        "charge": 15,
    }
    assert rulebook.rescreen.ask_again == {**again.ask_again, Urgency.EMERGENCY: 10}
    assert rulebook.rescreen.by_status == {**again.by_status, "provisional": 90}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('row = "target_urgent_need_seen"\nvalue = 45', "value: 45 is not shorter than 30."),
        ('rescreen = "sober-enough"\nafter_minutes = 120', "120 is not shorter than 120."),
        ('after = "charge"\nwithin_minutes = 30', "within_minutes: 30 is not shorter than 30."),
        ('after = "charges"\nwithin_minutes = 1', "Did you mean charge?"),
        ('after = "charge"\nwords = "nothing"', "words is not a key that is known here."),
        ('ask_again = "routine"\nminutes = 241', "minutes: 241 is not shorter than 240."),
        ('ask_again = "soon"\nminutes = 5', "Then soon would be asked again before urgent"),
        ('status = "refused"\nminutes = 61', "minutes: 61 is not shorter than 60."),
        ('row = "pace_24h"\nvalue = 1', "pace_24h is not a target of practice that a site's file"),
        ('rescreen = "sober-enoug"\nafter_minutes = 1', "Did you mean sober-enough?"),
        ('status = "complete"\nminutes = 1', "complete is not a status of a screening"),
        ('rule = "no-such-rule-at-all"', "no-such-rule-at-all is not a rule that a site's file"),
        ('rule = "swallowed-package"', "It changes nothing: it raises no urgency and adds nobody"),
        ('rule = "swallowed-package"\nneeds = { drugs = "urgent" }', "urgent is lower than emer"),
        ('rule = "swallowed-package"\nneeds = { alcohol = "soon" }', "alcohol is not one of needs"),
        ('rule = "swallowed-package"\ntell = ["king"]', "king is not an addressee."),
        ('rule = "swallowed-package"\nwhen = "false"', "when is not a key that is known here."),
        ('rule = "swallowed-package"\nremove = true', "remove is not a key that is known here."),
        ('rule = "swallowed-package"\ndo = []', "do is not a key that is known here."),
        ('question = "self_harm_now"', "A [[tighten]] names one of rule, route, row, rescreen"),
        ('rule = "swallowed-package"\nrow = "target_urgent_need_seen"', "A [[tighten]] names one"),
    ],
)  # fmt: skip
def test_whatever_would_loosen_or_fits_nothing_is_refused_whole(
    write: Write, text: str, sentence: str
) -> None:
    found = faults(write(SERVICE + tighten(text)))

    assert any(sentence in each for each in found)
    assert all(each.startswith("eastmere.toml:") for each in found)


@pytest.mark.parametrize("kind", ["question", "rule", "modifier", "observation", "route", "action"])
def test_a_site_cannot_write_over_what_the_rules_say(write: Write, kind: str) -> None:
    found = faults(write(f'[[{kind}]]\nid = "self_harm_now"\n'))

    assert found[0].startswith(f"eastmere.toml:3 [{kind}] A site's file has [[service]], [[contact")


@pytest.mark.parametrize("lacking", ["do", "tell", "nothing"])
def test_a_rule_becomes_an_emergency_only_where_it_says_what_to_do_and_whom_to_tell(
    write: Write, lacking: str
) -> None:
    name, need = soft_rule()
    changed = {} if lacking == "nothing" else {lacking: ()}
    rules = tuple(replace(r, **changed) if r.id == name else r for r in real().rules)
    text = HEAD + tighten(f'rule = "{name}"\nneeds = {{ {need} = "emergency" }}')
    found: list[Fault] = []

    laid_over(replace(real(), rules=rules), Source("site.toml", text, tomllib.loads(text)), found)

    words = "An emergency says what to do and who is told: this rule does not."
    assert [each.problem for each in found] == ([] if lacking == "nothing" else [words])


def test_a_site_says_whose_file_it_is_and_why_it_tightens(tmp_path: Path) -> None:
    site = tmp_path / "bare.toml"
    site.write_text('[[tighten]]\nstatus = "refused"\nminutes = 30\n', "utf-8")

    assert faults(site) == [
        "bare.toml [?] owner is missing.",
        "bare.toml [?] checked_on is missing.",
        "bare.toml:2 [refused] why is missing.",
    ]


def test_the_rulebook_knows_what_the_file_laid_over_it_as_it_was_and_as_it_is(write: Write) -> None:
    name, need = soft_rule()

    (found,) = laid(
        write(
            CONTACT
            + tighten(f'rule = "{name}"\nneeds = {{ {need} = "urgent" }}')
            + tighten('after = "charge"\nwithin_minutes = 15')
        )
    ).laid

    held = next(each for each in real().rules if each.id == name).needs
    was = ", ".join(f"{each} {urgency.word}" for each, urgency in held)
    hours = Change("open", "Monday to Friday 09:30 to 16:30", "Monday to Saturday 09:30 to 16:30")
    checked = Change("checked_on", "2026-11-23", "2026-11-23")
    agreed = "Agreed here (training)"
    assert found == Laid(
        "eastmere.toml",
        "Custody lead of Eastmere (training)",
        date(2026, 11, 23),
        (
            LaidOver(
                "contact",
                "training-bridge-house",
                (Change("phone", "", "01632 960002"), hours, checked),
            ),
            LaidOver(
                "rule",
                name,
                (Change("needs", was, was.replace(f"{need} soon", f"{need} urgent")),),
                agreed,
            ),
            LaidOver("after", "charge", (Change("within_minutes", "30", "15"),), agreed),
        ),
    )


def test_whoever_signs_or_reads_the_rules_sees_what_the_site_lays_over_them(write: Write) -> None:
    rulebook = laid(write(SERVICE + CONTACT + tighten('after = "charge"\nwithin_minutes = 15')))

    entries = (
        "  - Service added training-harbour-women: route womens_centre; name Harbour women's",
        "  - Hours and contacts of training-bridge-house: phone 01632 960002; open was Monday",
        "  - Tightened, time to screen again after charge: within_minutes was 30, now 15;",
    )
    shown = (
        sign_off.sheet(rulebook, on=date(2026, 11, 23), width=90),
        words.rules(rulebook, width=90),
    )
    assert [entry in text for text in shown for entry in entries] == [True] * 6
    explained = (words.item(rulebook, "charge", width=90) or "").split()
    assert "within_minutes was 30, now 15" in " ".join(explained)
    bare = sign_off.sheet(real(), on=date(2026, 11, 23), width=90)
    assert "WHAT THE SITE'S OWN FILE ADDS AND TIGHTENS: NONE" in bare


def test_hours_that_nobody_can_reckon_with_are_pointed_out(write: Write) -> None:
    rulebook = laid(write(CONTACT.replace("Monday to Saturday 09:30 to 16:30", "by appointment")))

    told = " ".join(sign_off.warnings(rulebook, on=date(2026, 11, 23), width=90).split())

    assert told.startswith(
        'Warning: training-bridge-house: "by appointment" cannot be read as hours, so nobody sees'
    )
    assert sign_off.warnings(laid(write(CONTACT)), on=date(2026, 11, 23), width=90) == ""


# The name of what speaks -------------------------------------------------------------------------


def test_the_fingerprint_names_the_sites_file_and_the_signature_covers_the_folder(
    write: Write, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    sign(folder, by="Training Lead (invented)", on=date(2026, 11, 23))
    alone = load(folder)
    first = load(folder, site=write(SERVICE))

    second = load(folder, site=write(SERVICE.replace("10:00", "11:00")))

    assert (alone.signed, first.signed, second.signed) == (True, True, True)
    assert len({alone.fingerprint, first.fingerprint, second.fingerprint}) == 3


def test_what_is_kept_makes_the_same_rulebook_again(write: Write) -> None:
    site = write(SERVICE + CONTACT)
    files = {**texts(rules_dir()), **site_texts(site)}

    assert load_texts(files, draft=True) == laid(site)


def test_a_hidden_file_inside_the_folder_is_not_a_sites_file(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    (folder / ".site").mkdir()
    (folder / ".site" / "sly.toml").write_text(HEAD + SERVICE, "utf-8")

    assert load(folder, draft=True) == real()


@pytest.mark.parametrize("name", ["eastmere.json", "eastmere.md", "eastmere"])
def test_a_sites_file_is_toml(tmp_path: Path, name: str) -> None:
    site = tmp_path / name
    site.write_text(HEAD, "utf-8")

    assert faults(site) == [f"{name} [file] A site's file is a .toml file."]


def test_a_sites_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path / "gone.toml") == [
        "gone.toml [file] It cannot be read: No such file or directory."
    ]
