"""The page: one file, without scripts, in which foreign text is only ever text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from report_samples import REQUIREMENTS, all_good, bad, hostile, inputs, mixed, over

from harness.reports.build import build
from harness.reports.model import Report
from harness.reports.page import amount, draw, kept_link
from harness.reports.write import read, write_json
from spec import requirements


class Page(HTMLParser):
    """What a browser would find in the page."""

    VOID = ("meta", "br", "link", "img")

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.source = draw(report, REQUIREMENTS)
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def attributes(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name)) is not None]


REPORTS = [all_good, mixed, hostile]


@pytest.mark.parametrize("make", REPORTS)
def test_it_has_no_script_and_loads_nothing(make: object) -> None:
    assert callable(make)
    page = Page(make())
    assert not {"script", "iframe", "object", "embed", "link", "img", "base", "form"} & {
        tag for tag, _ in page.tags
    }
    assert not page.attributes("src")
    assert "url(" not in page.source.partition("</style>")[0]
    assert "@import" not in page.source.partition("</style>")[0]


@pytest.mark.parametrize("make", REPORTS)
def test_it_has_no_event_handlers(make: object) -> None:
    assert callable(make)
    names = {name for _, attrs in Page(make()).tags for name in attrs}
    assert not [name for name in names if name.startswith("on")]


@pytest.mark.parametrize("make", REPORTS)
def test_its_links_stay_within_the_report(make: object) -> None:
    assert callable(make)
    for link in Page(make()).attributes("href"):
        assert link.startswith(("#", "histories/"))


@pytest.mark.parametrize("make", REPORTS)
def test_every_element_that_is_opened_is_closed(make: object) -> None:
    assert callable(make)
    assert Page(make()).open == []


@pytest.mark.parametrize("make", REPORTS)
def test_every_link_within_the_page_has_its_place(make: object) -> None:
    assert callable(make)
    page = Page(make())
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    ours = [link[1:] for link in page.attributes("href") if link.startswith("#RF-")]
    assert ours
    assert set(ours) <= set(ids)


def test_its_policy_forbids_everything_but_its_own_style() -> None:
    policies = Page(mixed()).attributes("content")
    assert "default-src 'none'; style-src 'unsafe-inline'" in policies


def test_terminal_codes_and_forbidden_characters_do_not_reach_it() -> None:
    source = Page(hostile()).source
    assert not [c for c in source if not c.isprintable() and c != "\n"]
    assert "\\x1b[2J" in source


def test_a_report_read_from_a_file_is_escaped_too(tmp_path: Path) -> None:
    write_json(mixed(), tmp_path)
    path = tmp_path / "report.json"
    path.write_text(path.read_text("utf-8").replace("it came twice", r"<b>\u001b[2J"), "utf-8")
    source = Page(read(tmp_path)).source
    assert "&lt;b&gt;\\x1b[2J" in source
    assert "<b>\x1b" not in source


def test_every_requirement_has_a_tile_with_its_verdict_as_a_sign_and_a_word() -> None:
    source = Page(mixed()).source
    tiles = re.findall(r'<a class="tile ([a-z-]+)" href="#(RF-\d+)">(.*?)</a>', source, re.DOTALL)
    assert [(verdict, name) for verdict, name, _ in tiles] == [
        ("failed", "RF-001"),
        ("not-implemented", "RF-002"),
        ("out-of-scope", "RF-003"),
    ]
    assert "✗</span> failed" in tiles[0][2]


def test_both_languages_are_shown() -> None:
    source = Page(mixed()).source
    assert "vê RF-001.1" in source
    assert "sees RF-001.1" in source


def test_a_limit_is_shown_with_its_unit() -> None:
    assert "limit 250 ms" in Page(mixed()).source


def test_what_proves_a_check_is_shown() -> None:
    text = " ".join("".join(Page(mixed()).text).split())
    assert "proved to catch mute: tells nobody. Seen: ana never saw it" in text


def test_a_run_that_ended_early_has_a_banner() -> None:
    assert "the run ended early: Ctrl-C" in Page(all_good(interrupted="Ctrl-C")).source
    assert 'class="banner"' not in Page(all_good()).source


def test_what_did_not_run_has_a_banner() -> None:
    assert "3 of 3 observations were not run" in Page(build(inputs())).source


def test_several_figures_of_one_thing_are_shown(tmp_path: Path) -> None:
    write_json(mixed(), tmp_path)
    path = tmp_path / "report.json"
    text = path.read_text("utf-8").replace('"start_s": 0.03', '"latency_ms": {"p50": 1, "p99": 2}')
    path.write_text(text, "utf-8")
    assert "latency_ms: p50 1, p99 2" in Page(read(tmp_path)).source


def test_a_history_is_linked_by_a_quoted_address() -> None:
    assert kept_link("histories/a.b[rst]@x.jsonl") == "histories/a.b%5Brst%5D%40x.jsonl"


@pytest.mark.parametrize(
    "history",
    [None, "", "javascript:alert(1)", "histories/../../x.jsonl", "http://x/histories/a.jsonl"],
)
def test_nothing_else_is_linked_as_a_history(history: str | None) -> None:
    assert kept_link(history) is None


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("notice_s", 2.0, "2 s"),
        ("freeze_s", 0.1, "100 ms"),
        ("unframed_text_bytes", 512, "512 bytes"),
        ("memory_growth_bytes_per_1000", 1_000_000, "1,000,000 bytes per 1,000"),
        ("warm_up_connections", 500, "500 connections"),
    ],
)
def test_limits_have_their_units(name: str, value: float, shown: str) -> None:
    assert amount(name, value) == shown


def test_the_shipped_requirements_can_all_be_drawn() -> None:
    shipped = requirements.load()
    report = build(inputs(over("a/b@direct", {}), requirements=shipped))
    assert draw(report, shipped).count('<section class="requirement') == len(shipped)


def test_what_a_failing_window_showed_is_linked() -> None:
    screens = ["screens/a.b@direct.png", "screens/a.b@direct.txt", "javascript:alert(1)"]
    report = build(inputs(over("a/b@direct", {"RF-001.1": bad("torto")}, screens=screens)))
    source = Page(report).source
    assert '<a href="screens/a.b%40direct.png">screen</a>' in source
    assert '<a href="screens/a.b%40direct.txt">widgets</a>' in source
    assert "alert(1)" not in source
