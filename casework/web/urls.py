"""The addresses of the pages. Cases, people and referrals appear by reference only."""

from allauth.account import views as account
from django.urls import include, path, re_path

from casework.web import (
    absences,
    calendar,
    case_events,
    case_facts,
    case_page,
    cases,
    consents,
    deadline_acts,
    knowledge,
    language,
    leaving,
    referrals,
    relief,
    today,
)

_DEFINITION = r"^knowledge/(?P<kind>[a-z_]{1,20})/(?P<code>[A-Za-z0-9._-]{1,80})/"
_FEED = r"^calendar/(?P<user>[0-9a-f-]{36})/(?P<secret>[A-Za-z0-9_-]{1,100})\.ics\Z"

urlpatterns = [
    path("", today.today, name="today"),
    path("notices/read/", today.read_notices, name="notices_read"),
    path("clocks/", calendar.calendar, name="calendar"),
    path("clocks/feed/", calendar.feed_make, name="calendar_feed_make"),
    path("clocks/feed/revoke/", calendar.feed_revoke, name="calendar_feed_revoke"),
    re_path(_FEED, calendar.feed, name="calendar_feed"),
    path("absences/", absences.absence_list, name="absence_list"),
    path("absences/new/", absences.absence_new, name="absence_new"),
    path("absences/<uuid:ref>/cancel/", absences.absence_cancel, name="absence_cancel"),
    path("leave/", leaving.leave, name="leave"),
    path("language/", language.choose_language, name="language"),
    path("cases/", cases.case_list, name="case_list"),
    path("cases/search/", cases.case_search, name="case_search"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/<uuid:ref>/", case_page.case_page, name="case"),
    path("cases/<uuid:ref>/reveal/", case_page.case_reveal, name="case_reveal"),
    path("cases/<uuid:ref>/edit/", cases.case_edit, name="case_edit"),
    path("cases/<uuid:ref>/assign/", cases.case_assign, name="case_assign"),
    path("cases/<uuid:ref>/close/", cases.case_close, name="case_close"),
    path("cases/<uuid:ref>/reopen/", cases.case_reopen, name="case_reopen"),
    path("cases/<uuid:ref>/events/new/", case_events.event_new, name="event_new"),
    path(
        "cases/<uuid:ref>/events/<uuid:event>/retract/",
        case_events.event_retract,
        name="event_retract",
    ),
    path(
        "cases/<uuid:ref>/deadlines/<uuid:deadline>/<slug:act>/",
        deadline_acts.deadline_act,
        name="deadline_act",
    ),
    path("cases/<uuid:ref>/facts/new/", case_facts.fact_new, name="fact_new"),
    path(
        "cases/<uuid:ref>/facts/<uuid:fact>/retract/", case_facts.fact_retract, name="fact_retract"
    ),
    path("cases/<uuid:ref>/consents/new/", consents.consent_new, name="consent_new"),
    path(
        "cases/<uuid:ref>/consents/<uuid:consent>/withdraw/",
        consents.consent_withdraw,
        name="consent_withdraw",
    ),
    path("cases/<uuid:ref>/relief/", relief.case_relief, name="case_relief"),
    path("cases/<uuid:ref>/referrals/new/", referrals.referral_new, name="referral_new"),
    path("referrals/", referrals.referral_list, name="referral_list"),
    path("referrals/<uuid:ref>/", referrals.referral_page, name="referral"),
    path("referrals/<uuid:ref>/open/", referrals.referral_open, name="referral_open"),
    path("referrals/<uuid:ref>/<slug:action>/", referrals.referral_act, name="referral_act"),
    path("review/", referrals.review_queue, name="review"),
    path("knowledge/", knowledge.knowledge, name="knowledge"),
    path("knowledge/mission/", knowledge.knowledge_mission, name="knowledge_mission"),
    re_path(
        r"^knowledge/(?P<kind>[a-z_]{1,20})/\Z", knowledge.knowledge_kind, name="knowledge_kind"
    ),
    re_path(rf"{_DEFINITION}\Z", knowledge.knowledge_one, name="knowledge_one"),
    re_path(rf"{_DEFINITION}compare/\Z", knowledge.knowledge_compare, name="knowledge_compare"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
