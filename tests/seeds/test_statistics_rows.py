"""The published figures: those of the report, to the digit, each with its paragraph."""

import pytest

from casework.domain.reference_statistics import ReferenceSeries
from casework.services.seed_rows import of_kind
from tests.seeds import rows

SERIES = {series.id: series for series in of_kind(rows.all_rows(), ReferenceSeries)}

FIGURES = [
    ("t-visas-granted", "2013", "", 848, "¶65"),
    ("t-visas-granted", "2014", "", 613, "¶65"),
    ("t-visas-granted", "2015", "", 610, "¶65"),
    ("t-visas-limit", "since 2000", "", 5000, "¶65"),
    ("u-visas-to-trafficking-victims", "2013", "", 41, "¶65"),
    ("u-visas-to-trafficking-victims", "2014", "", 26, "¶65"),
    ("u-visas-to-trafficking-victims", "2015", "", 29, "¶65"),
    ("continued-presence-granted", "2013", "", 87, "¶65"),
    ("continued-presence-granted", "2014", "", 72, "¶65"),
    ("continued-presence-granted", "2015", "", 173, "¶65"),
    ("family-members-reunited", "since 2005", "", 1900, "¶69"),
    ("survivors-reunited", "since 2005", "", 800, "¶69"),
    ("survivors-returned", "since 2005", "", 30, "¶70"),
    ("hotline-sex-trafficking-cases", "2007/2016", "", 31659, "¶8"),
    ("hotline-share-by-form", "2016", "commercial_sex", 73, "¶8"),
    ("hotline-share-by-form", "not stated", "labor", 14, "¶11"),
    ("hotline-labor-cases-on-temporary-visas", "2014-08-01/2015-07-31", "", 40, "¶13"),
    ("domestic-workers", "not stated", "", 2_000_000, "¶14"),
    ("domestic-servitude-potential-victims", "2014-08-01/2015-07-31", "", 16, "¶15"),
    ("hotline-languages", "not stated", "", 200, "¶41"),
    ("new-beneficiaries-growth", "2015", "", 50, "¶49"),
    ("dhs-investigations", "2016", "", 1025, "¶55"),
    ("dhs-victims-identified", "2016", "", 435, "¶55"),
    ("fbi-investigations", "2016", "", 1800, "¶56"),
    ("fbi-arrests", "2016", "", 2600, "¶56"),
    ("investigations-by-department", "2015", "justice", 802, "¶56"),
    ("investigations-by-department", "2015", "state", 175, "¶56"),
    ("federal-prosecutions", "2016", "prosecutions initiated", 241, "¶58"),
    ("federal-prosecutions", "2016", "defendants charged", 531, "¶58"),
    ("federal-prosecutions", "2016", "defendants convicted", 439, "¶58"),
    ("federal-prosecutions-labor-share", "2015", "", 2, "¶58"),
    ("new-york-intervention-courts", "since 2013", "", 9000, "¶60"),
    ("federal-indictments-studied", "2009/2012", "", 306, "¶64"),
    ("restitution-awarded", "2009/2012", "", 36, "¶64"),
    ("restitution-requested", "2009/2012", "commercial_sex", 61, "¶64"),
    ("restitution-requested", "2009/2012", "labor", 87, "¶64"),
    ("restitution-granted", "2009/2012", "commercial_sex", 44, "¶64"),
    ("restitution-granted", "2009/2012", "labor", 93, "¶64"),
]


@pytest.mark.parametrize(("series", "period", "category", "value", "paragraph"), FIGURES)
def test_the_figure_is_the_one_published(
    series: str, period: str, category: str, value: int, paragraph: str
) -> None:
    assert SERIES[series].value(period, category) == value
    assert paragraph in SERIES[series].citation


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES.keys())
def test_a_series_names_its_sources_and_waits_for_review(series: ReferenceSeries) -> None:
    assert set(series.law_sources) <= set(rows.sources())
    assert "R30" in series.report_rows
    assert series.reviewed is False
