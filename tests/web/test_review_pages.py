"""The inspector's pages over two hundred invented detentions: read, drilled, signed, taken away."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

import triage.web
from tests.cases.review.detentions import FIRST, WEEKS, Story, events, stories
from tests.fresh import fresh_record
from tests.wording import lines_of, misused, never_said, plain_lines, ties
from triage import casework
from triage.casework import review as reviewing
from triage.casework import review_live
from triage.casework.service import Service
from triage.domain.roles import Role
from triage.present import figure_cells, pack
from triage.present import section136 as clock_words
from triage.record import Account, Actor
from triage.settings import Settings
from triage.web import create_app
from triage.web.review_pages import pack_document

from .conftest import Clock, House
from .reading import Page

AT = FIRST + timedelta(weeks=WEEKS)
INSPECTOR = Actor("duty.inspector", "Duty Inspector", "duty_inspector")
STRETCH = f"from={FIRST.date().isoformat()}&to={(AT - timedelta(days=1)).date().isoformat()}"
BOOK = f"{STRETCH}&inside=yes&weeks=13"
PATHS = (
    "/review", "/review/handover", "/review/pace-reviews", f"/review/waits?{STRETCH}",
    f"/review/waits?{STRETCH}&kind=officers", f"/review/waits?{STRETCH}&kind=arrested",
    f"/review/ledger?{STRETCH}", f"/review/pack?{STRETCH}&weeks=13",
    f"/review/pack?{STRETCH}&weeks=13&inside=yes", f"/review/return?{STRETCH}",
    f"/review/return?{STRETCH}&inside=no",
    f"/review/sample?{STRETCH}&seed=7", "/review?known=2026-08-12&known_time=10:00",
    f"/review/records?{STRETCH}&key=ledger.bed.none_found_yet.records",
)  # fmt: skip


@pytest.fixture(scope="module")
def told() -> list[Story]:
    return list(stories())


@pytest.fixture(scope="module")
def full(tmp_path_factory, rulebook, kept_password, told):
    """The two hundred behind the doors."""
    folder = tmp_path_factory.mktemp("reviewed")
    settings = Settings(folder, folder / "triage.db", training=True)
    service = Service(fresh_record(settings.database), rulebook, settings)
    for story in told:
        _put(service, story)
    clock = Clock(AT)
    app = create_app(service=service, now=clock, wall=clock)
    yield House(service, app, clock, kept_password)
    service.record.close()


def _put(service: Service, story: Story) -> None:
    opening = casework.Opening(
        kind=casework.StayKind.SECTION136, suite=story.suite, reference=story.record,
        opened_at=story.decided, stage="section136", training=True,
        identity=casework.Identity(
            name="Training Person", date_of_birth=story.born, sex=story.sex,
            age_source="document" if story.born else "unknown",
        ),
        events=events(story),
    )  # fmt: skip
    stay = casework.open_stay(service, opening, actor=INSPECTOR, now=AT).stay
    casework.record_return_details(service, stay, dict(story.answers), actor=INSPECTOR, now=AT)
    if story.ended is not None:
        ends = story.decided + timedelta(minutes=story.ended)
        leaving = casework.Release(ends, "home", reason="no_power")
        casework.release(service, stay, leaving, actor=INSPECTOR, now=AT)


@pytest.fixture(scope="module")
def found(full):
    return reviewing.review(full.service, (), since=FIRST, until=AT, actor=INSPECTOR, now=AT)


def breached_stay(found) -> str:
    return next(case.stay for case, one in found.passed if one.clock.clock == "permitted_period")


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_the_review_opens_and_trips_nobody(full, path):
    answer = full.browser(Role.DUTY_INSPECTOR).get(path)

    assert answer.status_code == 200
    without_charts = re.sub(r"<svg.*?</svg>", "", answer.text, flags=re.DOTALL)
    assert Page(without_charts).faults == []
    inline = answer.text.replace('<script type="module" src="/static/siren.js"></script>', "")
    assert not re.search(r"\sstyle=|<script|<style|javascript:", inline)


def test_every_chart_has_a_title_a_description_and_its_data_as_a_table(full):
    text = full.browser(Role.DUTY_INSPECTOR).get(f"/review/waits?{STRETCH}").text

    drawn = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawn) == 2
    for svg in drawn:
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', svg)
        assert named is not None
        assert f'<title id="{named[1]}">' in svg and f'<desc id="{named[2]}">' in svg
    assert len(re.findall(r"Data of this chart", text)) == 2


def test_a_figure_leads_to_its_records_and_they_to_the_detention(full, told):
    browser = full.browser(Role.DUTY_INSPECTOR)
    page = browser.get(f"/review/records?{STRETCH}&key=ledger.bed.none_found_yet.records").text

    expected = {s.record for s in told if s.bed_asked is not None}
    assert set(re.findall(r"TRAINING/INC/\d{4}", page)) == expected
    first = re.search(r'href="(/review/stays/[^"?]+)', page)
    assert first is not None and browser.get(first[1]).status_code == 200


def test_a_figure_that_is_not_there_says_so(full):
    answer = full.browser(Role.DUTY_INSPECTOR).get(f"/review/records?{STRETCH}&key=nothing")

    assert answer.status_code == 422
    assert "There is no such figure" in answer.text


def test_a_breach_is_explained_on_its_page_and_still_shown_as_a_breach(full, found):
    browser, stay = full.browser(Role.DUTY_INSPECTOR), breached_stay(found)
    page = browser.get(f"/review/stays/{stay}").text
    hidden = r'"permitted_period"><input type="hidden" name="started" value="([^"]+)"'
    clock = re.search(hidden, page)
    assert clock is not None
    form = {"clock": "permitted_period", "started": clock[1], "reason": "bed.none_found_yet"}

    refused = browser.post(f"/review/stays/{stay}/explain", {**form, "words": " "})
    done = browser.post(f"/review/stays/{stay}/explain", {**form, "words": "No bed anywhere."})

    assert "a code explains nothing" in refused.text
    assert done.status_code == 303
    after = browser.get(f"/review/stays/{stay}").text
    assert "Breach: Permitted period of detention" in after
    assert "Explained by Duty Inspector" in after and "No bed anywhere." in after


def test_a_finding_of_the_sample_is_recorded_and_shown(full):
    browser = full.browser(Role.DUTY_INSPECTOR)
    page = browser.get(f"/review/sample?{STRETCH}&seed=7&n=2").text
    stay = re.search(r'name="stay" value="([^"]+)"', page)
    sample = re.search(r'name="sample" value="([^"]+)"', page)
    assert stay is not None and sample is not None

    said = {"finding": "gap", "words": "Late entry.", "fix": "Briefed."}
    form = {"stay": stay[1], "sample": sample[1], **said}
    done = browser.post(f"/review/sample/finding?{STRETCH}&seed=7&n=2", form)

    assert done.status_code == 303
    assert "Late entry. Fix: Briefed." in browser.get(done.location).text


def test_answers_for_the_return_are_asked_of_whoever_is_there(full, found):
    stay = found.cases[0].stay
    browser = full.browser(Role.CONTROL_ROOM)
    refused = browser.post(f"/stays/{stay}/return-details", {"officers": "many"})
    done = browser.post(f"/stays/{stay}/return-details", {"officers": "2", "transport": "other"})

    assert "A whole number from 1 to 20" in refused.text
    assert done.status_code == 303


def test_no_page_of_the_review_is_for_the_desk(full):
    browser = full.browser(Role.CUSTODY_SERGEANT)

    assert {browser.get(path).status_code for path in PATHS} == {403}


def test_every_template_of_the_review_is_shown_by_some_page(full, found, monkeypatch):
    shown = set()
    loader = full.app.jinja_env.loader
    get_source = loader.get_source
    monkeypatch.setattr(
        loader, "get_source", lambda env, name: (shown.add(name), get_source(env, name))[1]
    )
    full.app.jinja_env.cache.clear()
    browser, stay = full.browser(Role.DUTY_INSPECTOR), found.cases[0].stay
    for path in (*PATHS, f"/review/stays/{stay}", f"/stays/{stay}/return-details"):
        browser.get(path)

    folder = Path(triage.web.__file__).parent / "templates"
    written = {path.name for path in folder.glob("review_*.html")}
    alone = {"review_pack_alone.html", "review_sheets_alone.html"}  # files, not pages
    assert written - shown == alone


# Handing over, and gaps ------------------------------------------------------------------------


def test_the_review_is_handed_over_on_its_page_and_taken_by_the_next_inspector(full, found):
    browser = full.browser(Role.DUTY_INSPECTOR)
    with full.record.writing(now=AT) as writing:
        if full.record.reading().account("night.inspector") is None:
            made = Account("night.inspector", "Insp Night", "duty_inspector", (), None, True, AT)
            writing.add_account(made)
    page = browser.get("/review/handover").text
    stays = re.findall(r'name="stay" value="([^"]+)"', page)
    form = {"stay": stays, "to": "night.inspector", f"promised-{stays[0]}": "Bed by six."}

    refused = browser.post("/review/handover", {**form, "to": ""})
    done = browser.post("/review/handover", form)

    assert stays and "who takes over" in refused.text
    assert done.status_code == 303
    offered = browser.get("/review").text
    assert offered.count("not taken yet, so it is still with") == len(stays)
    assert "Bed by six." in browser.get("/review/handover").text
    night = Actor("night.inspector", "Insp Night", "duty_inspector")
    offers = [review_live.detention(full.service, stay, actor=night, now=AT).case.handed[-1].seq
              for stay in stays]  # fmt: skip
    casework.take_over(full.service, offers, actor=night, now=AT)
    taken = browser.get("/review").text
    assert taken.count("With Insp Night since") == len(stays)
    again = browser.post("/review/handover/take", {"seq": [str(offers[0])]})
    assert "was taken, or offered anew" in again.text


def test_a_gap_is_attributed_on_the_page_of_its_detention_and_put_right(full, found):
    browser = full.browser(Role.DUTY_INSPECTOR)
    case = next(c for c in found.cases if c.clocks and c.closed_at and len(c.clocks.gaps) > 1)
    path = f"/review/stays/{case.stay}"
    page = browser.get(path).text
    hidden = r'name="since" value="([^"]+)"><input type="hidden" name="until" value="([^"]+)"'
    since, until = re.findall(hidden, page)[0]
    form = {"since": since, "until": until, "words": "No crew."}

    refused = browser.post(f"{path}/attribute", {**form, "reason": "unattributed.gap"})
    done = browser.post(f"{path}/attribute", {**form, "reason": "conveyance.none_available"})

    assert "Is not an agreed reason" in refused.text
    assert done.status_code == 303
    after = browser.get(path).text
    assert "Conveyance, none available. No crew." in unescape(after)
    mend = re.search(r'href="(/stays/[^"]+/correct)"', after)
    assert mend is not None
    never = {"what": "withdrawn", "reason": "There was a crew."}
    assert browser.post(mend[1], never).status_code == 303
    assert "No crew." not in browser.get(path).text


# What leaves ----------------------------------------------------------------------------------


def packed(found, full, *, leaving: bool) -> pack.Pack:
    return pack.pack(found, full.service.rulebook.practice, weeks=13, leaving=leaving)


def test_what_leaves_has_no_record_number_and_no_small_number(full, found):
    made = packed(found, full, leaving=True)
    text = pack.as_csv(made.sheets, leaving=True) + pack_document(made)

    assert "TRAINING/INC" not in text
    counts = [
        cell.number
        for sheet, _, column, cell in figure_cells.flat(made.sheets)
        if column not in ("Median", "90th", "Longest", "Time", "Officers x hours")
        and not column.startswith(("Median", "90th"))
    ]
    assert [number for number in counts if number is not None and 0 < number < 5] == []


def test_the_same_test_finds_small_numbers_where_they_were_left_in(full, found):
    """The twin: inside, the small numbers and the records are there."""
    made = packed(found, full, leaving=False)

    assert "TRAINING/INC" in pack.as_csv(made.sheets, leaving=False)
    assert any(cell.number == 2 for _, _, _, cell in figure_cells.flat(made.sheets))


def test_both_packs_speak_of_the_same_figures(full, found):
    inside, outside = (packed(found, full, leaving=each) for each in (False, True))

    keys = {cell.key for _, _, _, cell in figure_cells.flat(inside.sheets)}
    assert {cell.key for _, _, _, cell in figure_cells.flat(outside.sheets)} <= keys


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(full, found):
    answer = full.browser(Role.DUTY_INSPECTOR).get(f"/review/pack.csv?{STRETCH}&inside=yes")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["figure", "table", "row", "column", "shown", "number", "records"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert pack.guarded("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    last = full.record.reading().accesses_between(AT - timedelta(days=1), AT + timedelta(days=1))
    assert ("disclosure", "review pack as CSV: exact, inside the force") in [
        (str(each.operation), each.what) for each in last
    ]


def test_the_workbook_leads_from_each_figure_to_its_records_and_holds_no_formula(full, found):
    data = full.browser(Role.DUTY_INSPECTOR).get(f"/review/pack.xlsx?{BOOK}").data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = re.findall(r'<sheet name="(\w+)"', book.read("xl/workbook.xml").decode())
        strings = unescape(book.read("xl/sharedStrings.xml").decode())
        pages = "".join(book.read(n).decode() for n in book.namelist() if "worksheets/" in n)

    assert names == ["Figures", "Numbers", "Records"]
    assert "TRAINING/INC/0001" in strings
    assert "<f>" not in pages


def test_a_pack_is_a_draft_until_it_leaves_and_then_stands(full):
    browser = full.browser(Role.DUTY_INSPECTOR)
    weeks = f"{STRETCH}&weeks=4&suite=castle_street"
    draft = browser.get(f"/review/pack?{weeks}").text
    early = browser.get(f"/review/pack.csv?{weeks}")

    done = browser.post(f"/review/pack/leave?{weeks}")
    page = browser.get(done.location).text
    taken = browser.get(f"/review/pack.csv?{weeks}")
    longer = browser.get(f"/review/pack?{STRETCH}&weeks=13&suite=castle_street").text
    again = browser.post(f"/review/pack/leave?{STRETCH}&weeks=13&suite=castle_street").text

    assert "DRAFT" in draft and "Let these figures leave" in draft
    assert "/review/pack.csv" not in draft  # nothing to take away
    assert (early.status_code, done.status_code, taken.status_code) == (422, 303, 200)
    assert "DRAFT" not in page and "Fit to leave the force." in page and "when it left" in page
    assert "Let these figures leave" not in page and "What has left: " in page
    assert "This cannot leave." in longer and "Let these figures leave" not in longer
    assert "has left already (Castle Street)" in again


def test_what_leaves_is_whole_weeks_whatever_days_are_asked_for(full):
    browser = full.browser(Role.DUTY_INSPECTOR)

    page = browser.get("/review/pack?from=2026-08-05&to=2026-09-24&weeks=1").text
    known = browser.get(f"/review/pack?{STRETCH}&weeks=1&known=2026-09-20")

    assert "14 September 2026 to 20 September 2026" in page
    assert known.status_code == 422 and "as it was known when it left" in known.text


def test_what_leaves_by_api_is_answered_as_it_left_and_never_overlaps(full):
    inspector = full.terminal(Role.DUTY_INSPECTOR)
    week = {"from": "2026-06-29", "to": "2026-07-05", "suite": ["north_quay"]}
    longer = {**week, "to": "2026-07-12"}

    first = inspector.post("/review/published", week, key="published-1")
    again = inspector.post("/review/published", week, key="published-2")
    overlaps = inspector.post("/review/published", longer)
    sergeant = full.terminal(Role.CUSTODY_SERGEANT).post("/review/published", week)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["figures"] == first.json["figures"]
    assert (overlaps.status_code, sergeant.status_code) == (409, 403)
    assert "has left already (North Quay)" in overlaps.text


def test_a_pack_that_is_a_file_holds_its_own_styles_and_nothing_from_elsewhere(full, found):
    text = pack_document(packed(found, full, leaving=True))

    assert "<style>" in text and "@page" in text
    assert not re.search(r"(src|href)=", text.replace('href="#', ""))


# Words ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def outputs(full, found) -> list[str]:
    """Every output of the review as plain lines: pages, files, API and command."""
    browser, terminal = full.browser(Role.DUTY_INSPECTOR), full.terminal(Role.DUTY_INSPECTOR)
    passed = [case for case in found.cases if case.passed]
    paths = [*PATHS, "/section-136", "/section-136/waits", "/alerts", "/board",
             *(f"/review/stays/{case.stay}" for case in passed)]  # fmt: skip
    lines = [line for path in paths for line in lines_of(browser.get(path).text)]
    for leaving in (False, True):
        made = packed(found, full, leaving=leaving)
        lines += lines_of(pack_document(made))
        table = csv.reader(io.StringIO(pack.as_csv(made.sheets, leaving=leaving)))
        lines += plain_lines("\n".join(" ".join(row[1:]) for row in table))
        lines += plain_lines(pack.as_text(made.sheets, leaving=leaving))
        with zipfile.ZipFile(io.BytesIO(pack.as_xlsx(made.sheets, leaving=leaving))) as book:
            strings = re.findall(r"<t[^>]*>(.*?)</t>", book.read("xl/sharedStrings.xml").decode())
        lines += plain_lines("\n".join(each for each in strings if not re.match(r"\w+\.", each)))
    for path in ("live", "waits", "ledger", "return"):
        lines += plain_lines("\n".join(_leaves(terminal.get(f"/review/{path}?{STRETCH}").json)))
    return lines


def _leaves(value: object) -> list[str]:
    """The words of an answer; a clock of the API is its name and its state."""
    if isinstance(value, dict):
        if "clock" in value and "state" in value:
            named = clock_words.clock_name(value["clock"])
            return [f"{value['state'].replace('_', ' ')}: {named}"]
        return [leaf for key, each in value.items() if key != "key" for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [value] if isinstance(value, str) else []


def test_breach_overdue_and_target_missed_are_never_one_for_another(outputs):
    assert misused(outputs) == []
    assert ties(outputs) > 500
    for word in ("breach: ", "overdue: ", "target missed: "):
        assert any(line.startswith(word) for line in outputs)  # all three occur


def test_a_word_that_is_never_said_is_in_no_output(outputs):
    assert never_said(outputs) == []


def test_no_output_of_the_review_names_the_person(outputs):
    assert not [line for line in outputs if "training person" in line]


# As known then --------------------------------------------------------------------------------


def test_a_page_as_known_before_anything_was_typed_is_empty(full):
    page = full.browser(Role.DUTY_INSPECTOR).get("/review?known=2026-08-12&known_time=10:00").text

    assert "AS KNOWN AT Wed 12 Aug 2026 10:00 BST" in page
    assert "Nobody is detained" in page


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("known=2027-01-01", "Nobody knows yet"),
        ("known=2026-03-29&known_time=01:30", "never existed"),
        ("from=2026-09-01&to=2026-08-01", "before the first"),
        ("from=first", "Is not a day"),
        ("to=9999-12-31", "Is not a day"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(full, asked, why):
    answer = full.browser(Role.DUTY_INSPECTOR).get(f"/review/waits?{asked}")

    assert answer.status_code == 422
    assert why in answer.text


def test_the_live_page_shows_whoever_is_still_held(full, told):
    page = full.browser(Role.DUTY_INSPECTOR).get("/review").text

    held = [story.record for story in told if story.ended is None]
    assert set(re.findall(r"TRAINING/INC/\d{4}", page)) == set(held)
    assert len(held) >= 1
    assert page.count("Power recorded: none since") == len(held)


# The same by API ------------------------------------------------------------------------------


def api(full, path: str, role: Role = Role.DUTY_INSPECTOR):
    return full.terminal(role).get(path)


def test_the_live_list_by_api_holds_whoever_is_held_and_what_each_waits_for(full, told):
    answer = api(full, "/review/live")

    held = sorted(story.record for story in told if story.ended is None)
    assert sorted(line["reference"] for line in answer.json["lines"]) == held
    assert all(line["power"] is None for line in answer.json["lines"])
    kinds = {wait["kind"] for line in answer.json["lines"] for wait in line["waits"]}
    assert kinds <= {"detention", "officers"} and "detention" in kinds


@pytest.mark.parametrize(
    ("path", "first"),
    [("waits", "waits_detention"), ("ledger", "ledger")],
)
def test_figures_by_api_are_fit_to_leave_unless_they_stay_inside(full, path, first):
    first_day, last_day = (part.partition("=")[2] for part in STRETCH.split("&"))
    body = {"from": first_day, "to": last_day, "suite": ["harbour_view"]}
    assert full.terminal(Role.DUTY_INSPECTOR).post("/review/published", body).status_code < 300
    only = "&suite=harbour_view"
    leaving = api(full, f"/review/{path}?{STRETCH}{only}")
    inside = api(full, f"/review/{path}?{STRETCH}{only}&inside=yes")

    assert leaving.json["tables"][0]["id"] == inside.json["tables"][0]["id"] == first
    assert "TRAINING/INC" not in leaving.text and "TRAINING/INC" in inside.text
    numbers = {
        cell["key"]: cell
        for table in inside.json["tables"] for line in table["lines"] for cell in line["cells"]
    }  # fmt: skip
    key, shown = next(iter(numbers.items()))
    page = full.browser(Role.DUTY_INSPECTOR).get(f"/review/records?{STRETCH}{only}&key={key}")
    assert set(re.findall(r"TRAINING/INC/\d{4}", page.text)) == set(shown["records"])


def test_the_counts_of_a_year_by_api_are_those_that_left_unless_they_stay_inside(full):
    inspector, year = full.terminal(Role.DUTY_INSPECTOR), "from=2025-06-02&to=2025-06-08"
    early = inspector.get(f"/review/return?{year}")
    left = inspector.post("/review/published/returns", {"day": "2025-06-02"})
    now = inspector.post("/review/published/returns", {"day": "2026-06-02"})
    after = inspector.get(f"/review/return?{year}")
    inside = inspector.get(f"/review/return?{STRETCH}&inside=yes")

    assert (early.status_code, left.status_code, now.status_code) == (422, 201, 422)
    assert after.json["tables"] == left.json["figures"]["tables"]
    assert after.json["tables"][0]["id"] == inside.json["tables"][0]["id"] == "return_first_place"
    assert "TRAINING/INC" not in after.text and "TRAINING/INC" in inside.text


def test_the_review_by_api_is_for_those_who_review_and_is_logged_as_taken_away(full):
    assert api(full, "/review/live", Role.CUSTODY_SERGEANT).status_code == 403
    assert api(full, "/review/ledger", Role.CONTROL_ROOM).status_code == 403

    api(full, f"/review/ledger?{STRETCH}&inside=yes")

    looks = full.record.reading().accesses_between(AT - timedelta(days=1), AT + timedelta(days=1))
    assert ("disclosure", "review figures by API: exact, inside the force") in [
        (str(each.operation), each.what) for each in looks
    ]


@pytest.mark.parametrize(
    "asked",
    ["from=first", "weeks=3", "inside=maybe", "as_known_at=2026-09-01T10:00", "to=1800-01-01"],
)
def test_what_the_api_cannot_be_asked_is_refused_by_name(full, asked):
    answer = api(full, f"/review/waits?{asked}")

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == asked.partition("=")[0]


def test_the_review_by_api_as_known_before_anything_was_typed_is_empty(full):
    before = "as_known_at=2026-08-12T10:00:00Z"

    assert api(full, f"/review/live?{before}").json["lines"] == []
    for path in ("waits", "ledger"):
        assert api(full, f"/review/{path}?{STRETCH}&{before}&inside=yes").json["tables"] == []
    year = api(full, f"/review/return?{STRETCH}&{before}&inside=yes").json["tables"]
    assert {c["number"] for t in year for line in t["lines"] for c in line["cells"]} == {0}
