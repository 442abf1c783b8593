"""The addresses of casework's resources."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from casework.api import (
    agencies,
    case_actions,
    cases,
    consents,
    deadlines,
    definitions,
    events,
    facts,
    journal,
    knowledge,
    notices,
    packets,
    referral_actions,
    referrals,
    relief,
    webhooks,
)
from casework.domain.referral_flow import ReferralAction

_CASE = "cases/<uuid:ref>/"
_REFERRAL = "referrals/<uuid:ref>/"
_DEFINITION = r"^definitions/(?P<kind>[a-z_]{1,20})/(?P<code>[A-Za-z0-9._-]{1,80})/"
_VERSION = r"versions/(?P<version>[A-Za-z0-9._-]{1,40})/"
_ANSWER = referral_actions.AnswerReferral

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    path("me/", agencies.Me.as_view()),
    path("agencies/", agencies.Agencies.as_view()),
    path("cases/", cases.Cases.as_view()),
    path("cases/search/", case_actions.SearchCases.as_view()),
    path(_CASE, cases.OneCase.as_view()),
    path(f"{_CASE}close/", case_actions.CloseCase.as_view()),
    path(f"{_CASE}reopen/", case_actions.ReopenCase.as_view()),
    path(f"{_CASE}assign/", case_actions.AssignCase.as_view()),
    path(f"{_CASE}person/reveal/", case_actions.RevealPerson.as_view()),
    path(f"{_CASE}facts/", facts.CaseFacts.as_view()),
    path(f"{_CASE}facts/<uuid:fact>/retract/", facts.RetractFact.as_view()),
    path(f"{_CASE}events/", events.CaseEvents.as_view()),
    path(f"{_CASE}events/<uuid:event>/amend/", events.AmendEvent.as_view()),
    path(f"{_CASE}events/<uuid:event>/retract/", events.RetractEvent.as_view()),
    path(f"{_CASE}deadlines/", deadlines.CaseDeadlines.as_view()),
    path(f"{_CASE}relief/", relief.CaseRelief.as_view()),
    path("deadlines/", deadlines.Deadlines.as_view()),
    path("relief/assess/", relief.AssessFacts.as_view()),
    path("relief/pathways/", knowledge.Pathways.as_view()),
    path("clocks/", knowledge.Clocks.as_view()),
    path("fact-definitions/", knowledge.FactDefinitions.as_view()),
    path("definitions/", definitions.Definitions.as_view()),
    re_path(
        r"^definitions/by-digest/(?P<digest>[0-9a-f]{64})/\Z",
        definitions.DefinitionByDigest.as_view(),
    ),
    re_path(rf"{_DEFINITION}\Z", definitions.OneDefinition.as_view()),
    re_path(rf"{_DEFINITION}{_VERSION}\Z", definitions.OneVersion.as_view()),
    re_path(rf"{_DEFINITION}compare/\Z", definitions.CompareVersions.as_view()),
    path("consents/", consents.Consents.as_view()),
    path("consents/<uuid:ref>/withdraw/", consents.WithdrawConsent.as_view()),
    path("referrals/", referrals.Referrals.as_view()),
    path(_REFERRAL, referrals.OneReferral.as_view()),
    path(f"{_REFERRAL}packet/", packets.Packet.as_view()),
    path(f"{_REFERRAL}submit/", referral_actions.SubmitReferral.as_view()),
    path(f"{_REFERRAL}approve/", referral_actions.ApproveReferral.as_view()),
    path(f"{_REFERRAL}return/", referral_actions.ReturnReferral.as_view()),
    path(f"{_REFERRAL}send/", referral_actions.SendReferral.as_view()),
    path(f"{_REFERRAL}withdraw/", referral_actions.WithdrawReferral.as_view()),
    path(f"{_REFERRAL}accept/", _ANSWER.as_view(action=ReferralAction.ACCEPT)),
    path(f"{_REFERRAL}decline/", _ANSWER.as_view(action=ReferralAction.DECLINE)),
    path(f"{_REFERRAL}start/", _ANSWER.as_view(action=ReferralAction.START)),
    path(f"{_REFERRAL}complete/", _ANSWER.as_view(action=ReferralAction.COMPLETE)),
    path("notices/", notices.Notices.as_view()),
    path("notices/<uuid:ref>/acknowledge/", notices.AcknowledgeNotice.as_view()),
    path("webhooks/", webhooks.Webhooks.as_view()),
    path("webhooks/deliveries/", webhooks.Deliveries.as_view()),
    path("webhooks/deliveries/<uuid:ref>/", webhooks.OneDelivery.as_view()),
    path("webhooks/deliveries/<uuid:ref>/replay/", webhooks.ReplayDelivery.as_view()),
    path("webhooks/<uuid:ref>/", webhooks.OneWebhook.as_view()),
    path("webhooks/<uuid:ref>/rotate/", webhooks.RotateSecret.as_view()),
    path("webhooks/<uuid:ref>/disable/", webhooks.DisableWebhook.as_view()),
    path("journal/", journal.Journal.as_view()),
    path("journal/verification/", journal.JournalVerification.as_view()),
]
