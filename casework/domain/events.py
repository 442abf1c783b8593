"""The dated things that happen in a case, and what each of them is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen. Clocks name these as triggers and as what meets them."""

    # Custody, identification, removal.
    APPREHENDED = "apprehended"
    MINORITY_CLAIMED = "minority_claimed"
    UAC_DETERMINED = "uac_determined"
    SCREENED_CONTIGUOUS = "screened_contiguous"
    HHS_NOTIFIED = "hhs_notified"
    CUSTODY_TRANSFERRED = "custody_transferred"
    ORR_PLACED = "orr_placed"
    SCREENED = "screened"
    IDENTIFIED = "identified"
    DETAINED = "detained"
    RELEASED = "released"
    REMOVAL_SCHEDULED = "removal_scheduled"
    REMOVAL_CANCELLED = "removal_cancelled"
    REMOVED = "removed"
    SPONSOR_PROPOSED = "sponsor_proposed"
    HOME_STUDY_COMPLETED = "home_study_completed"

    # Children who may be victims.
    CHILD_VICTIM_DISCOVERED = "child_victim_discovered"
    CHILD_VICTIM_REPORTED = "child_victim_reported"
    INTERIM_ELIGIBILITY_DETERMINED = "interim_eligibility_determined"
    INTERIM_ELIGIBILITY_NOTIFIED = "interim_eligibility_notified"
    LONG_TERM_ELIGIBILITY_DECIDED = "long_term_eligibility_decided"
    CHILD_WELFARE_VICTIM_LEARNED = "child_welfare_victim_learned"
    CHILD_WELFARE_VICTIM_REPORTED = "child_welfare_victim_reported"
    CHILD_MISSING_LEARNED = "child_missing_learned"
    CHILD_MISSING_REPORTED = "child_missing_reported"
    URM_ENTERED = "urm_entered"

    # T status.
    TRAFFICKING_ACT_OCCURRED = "trafficking_act_occurred"
    T_FILING_PREPARED = "t_filing_prepared"
    T_FILED = "t_filed"
    T_BONA_FIDE_DETERMINED = "t_bona_fide_determined"
    T_WAITING_LISTED = "t_waiting_listed"
    T_GRANTED = "t_granted"
    T_DENIED = "t_denied"
    T_EXTENSION_FILED = "t_extension_filed"
    T_STATUS_EXPIRES = "t_status_expires"
    INVESTIGATION_COMPLETED = "investigation_completed"

    # U status.
    CERTIFICATION_REQUESTED_CA = "certification_requested_ca"
    CERTIFICATION_SIGNED = "certification_signed"
    CERTIFICATION_REFUSED = "certification_refused"
    U_FILED = "u_filed"
    U_BONA_FIDE_DETERMINED = "u_bona_fide_determined"
    U_WAITING_LISTED = "u_waiting_listed"
    U_GRANTED = "u_granted"
    U_DENIED = "u_denied"
    U_EXTENSION_FILED = "u_extension_filed"
    U_STATUS_EXPIRES = "u_status_expires"

    # T and U alike.
    ADJUSTMENT_FILED = "adjustment_filed"
    LPR_GRANTED = "lpr_granted"
    LEFT_COUNTRY_IN_STATUS = "left_country_in_status"
    RETURNED_IN_STATUS = "returned_in_status"
    APPEALS_EXHAUSTED = "appeals_exhausted"

    # Continued presence, letters, benefits.
    CP_REQUESTED = "cp_requested"
    CP_AUTHORIZED = "cp_authorized"
    CP_RENEWED = "cp_renewed"
    CP_ENDED = "cp_ended"
    HHS_LETTER_ISSUED = "hhs_letter_issued"
    SNAP_CASE_PROCESSED = "snap_case_processed"
    MEDICAID_COVERAGE_DUE = "medicaid_coverage_due"
    SSI_STARTED = "ssi_started"
    TANF_STARTED = "tanf_started"
    BENEFIT_ENDED = "benefit_ended"
    MATCHING_GRANT_ENROLLED = "matching_grant_enrolled"

    # Filings and letters of the immigration service.
    RFE_SERVED = "rfe_served"
    RFE_I539_SERVED = "rfe_i539_served"
    RFE_ANSWERED = "rfe_answered"
    NOID_SERVED = "noid_served"
    NOID_ANSWERED = "noid_answered"
    UNFAVORABLE_DECISION_MADE = "unfavorable_decision_made"
    APPROVAL_REVOKED = "approval_revoked"
    I290B_FILED = "i290b_filed"
    EAD_EXPIRES = "ead_expires"
    EAD_RENEWAL_FILED = "ead_renewal_filed"
    EAD_LIMITED_GRANTED = "ead_limited_granted"
    MOVED_HOME = "moved_home"
    ADDRESS_CHANGE_REPORTED = "address_change_reported"

    # Asylum, young people, survivors of violence at home.
    ARRIVED = "arrived"
    ASYLUM_FILED = "asylum_filed"
    ASYLUM_DELAY_BEGUN = "asylum_delay_begun"
    ASYLUM_DELAY_ENDED = "asylum_delay_ended"
    ASYLUM_DECIDED = "asylum_decided"
    ASYLUM_EAD_FILED = "asylum_ead_filed"
    ASYLUM_EAD_DECIDED = "asylum_ead_decided"
    SIJ_FILED = "sij_filed"
    SIJ_DECIDED = "sij_decided"
    SIJ_DEFERRED_ACTION_GRANTED = "sij_deferred_action_granted"
    SIJ_DEFERRED_ACTION_EXPIRES = "sij_deferred_action_expires"
    SIJ_DEFERRED_ACTION_RENEWED = "sij_deferred_action_renewed"
    VAWA_TIE_ENDED = "vawa_tie_ended"
    VAWA_FILED = "vawa_filed"
    VAWA_CHILD_FILING_PREPARED = "vawa_child_filing_prepared"
    VAWA_DECIDED = "vawa_decided"

    # Immigration courts.
    FINAL_ORDER_ISSUED = "final_order_issued"
    IN_ABSENTIA_ORDER_ISSUED = "in_absentia_order_issued"
    UNNOTIFIED_ABSENTIA_FOUND = "unnotified_absentia_found"
    IMMIGRATION_JUDGE_DECIDED = "immigration_judge_decided"
    BIA_APPEAL_FILED = "bia_appeal_filed"
    REOPENING_REQUESTED = "reopening_requested"
    RECONSIDERATION_REQUESTED = "reconsideration_requested"

    # Work, wages, contracts.
    DOMESTIC_WORKER_EMPLOYED = "domestic_worker_employed"
    DOMESTIC_WORKER_INTERVIEWED = "domestic_worker_interviewed"
    DOMESTIC_WORKER_LEFT = "domestic_worker_left"
    DOMESTIC_WORKER_SUED = "domestic_worker_sued"
    DOMESTIC_WORKER_SUIT_ENDED = "domestic_worker_suit_ended"
    WAGES_FELL_SHORT = "wages_fell_short"
    WAGE_CLAIM_FILED = "wage_claim_filed"
    FARM_LABOR_RIGHT_BROKEN = "farm_labor_right_broken"
    DISCRIMINATION_OCCURRED = "discrimination_occurred"
    EEOC_CHARGE_FILED = "eeoc_charge_filed"
    UNFAIR_PRACTICE_OCCURRED = "unfair_practice_occurred"
    NLRB_CHARGE_FILED = "nlrb_charge_filed"

    # Courts: damages, prosecution, restitution, records.
    CLAIM_AROSE = "claim_arose"
    TURNED_EIGHTEEN = "turned_eighteen"
    CIVIL_ACTION_FILED = "civil_action_filed"
    CIVIL_ACTION_ENDED = "civil_action_ended"
    CRIMINAL_ACTION_BEGUN = "criminal_action_begun"
    CRIMINAL_ACTION_ENDED = "criminal_action_ended"
    CHILD_INJURY_DISCOVERED = "child_injury_discovered"
    OFFENSE_COMMITTED = "offense_committed"
    CHILD_SEX_OFFENSE_COMMITTED = "child_sex_offense_committed"
    CHARGES_FILED = "charges_filed"
    SENTENCED = "sentenced"
    LOSSES_FIXED = "losses_fixed"
    FURTHER_LOSSES_DISCOVERED = "further_losses_discovered"
    RESTITUTION_PETITION_FILED = "restitution_petition_filed"
    COMPENSATION_PREPARED = "compensation_prepared"
    COMPENSATION_CLAIMED = "compensation_claimed"
    FEDERAL_VACATUR_PREPARED = "federal_vacatur_prepared"
    FEDERAL_VACATUR_FILED = "federal_vacatur_filed"
    FEDERAL_VACATUR_OPPOSED = "federal_vacatur_opposed"
    FEDERAL_VACATUR_UNOPPOSED = "federal_vacatur_unopposed"
    FEDERAL_VACATUR_HEARD = "federal_vacatur_heard"
    FEDERAL_VACATUR_DECIDED = "federal_vacatur_decided"
    STATE_ARREST_MADE = "state_arrest_made"
    STATE_JUDGMENT_ENTERED = "state_judgment_entered"
    STATE_SENTENCE_COMPLETED = "state_sentence_completed"
    STATE_VACATUR_FILED = "state_vacatur_filed"
    STATE_VACATUR_ANSWERED = "state_vacatur_answered"
    STATE_VACATUR_GRANTED = "state_vacatur_granted"
    STATE_VACATUR_DENIED = "state_vacatur_denied"
    STATE_RECORD_SEALED = "state_record_sealed"
    STATE_RECORD_DESTROYED = "state_record_destroyed"

    # Confidentiality and data.
    ADDRESS_CONFIDENTIALITY_ENROLLED = "address_confidentiality_enrolled"
    ADDRESS_CONFIDENTIALITY_RENEWED = "address_confidentiality_renewed"
    PII_BREACH_DETECTED = "pii_breach_detected"
    PII_BREACH_REPORTED = "pii_breach_reported"
    HEALTH_BREACH_DISCOVERED = "health_breach_discovered"
    HEALTH_BREACH_NOTIFIED = "health_breach_notified"
    HEALTH_DOCUMENT_LAPSED = "health_document_lapsed"
    SUBPOENA_RECEIVED = "subpoena_received"
    SUBPOENA_CLIENT_TOLD = "subpoena_client_told"

    # Awards and their reports.
    OVC_TRAFFICKING_AWARD_STARTED = "ovc_trafficking_award_started"
    OVC_OTHER_AWARD_STARTED = "ovc_other_award_started"
    VOCA_SUBAWARD_STARTED = "voca_subaward_started"
    OVW_AWARD_STARTED = "ovw_award_started"
    OTIP_AWARD_STARTED = "otip_award_started"
    AWARD_ENDED = "award_ended"
    PERFORMANCE_REPORTED = "performance_reported"
    FINANCES_REPORTED = "finances_reported"
    FINAL_PERFORMANCE_REPORTED = "final_performance_reported"
    FINAL_FINANCES_REPORTED = "final_finances_reported"


MAY_LIE_AHEAD = frozenset(
    {
        EventKind.REMOVAL_SCHEDULED,
        EventKind.T_STATUS_EXPIRES,
        EventKind.U_STATUS_EXPIRES,
        EventKind.EAD_EXPIRES,
        EventKind.SIJ_DEFERRED_ACTION_EXPIRES,
        EventKind.MEDICAID_COVERAGE_DUE,
        EventKind.TURNED_EIGHTEEN,
        EventKind.AWARD_ENDED,
    }
)
"""Events whose day is known before it comes; everything else has happened when it is recorded."""

_FIRST_OF_GROUP: Mapping[str, EventKind] = {
    "custody": EventKind.APPREHENDED,
    "children": EventKind.CHILD_VICTIM_DISCOVERED,
    "t_status": EventKind.TRAFFICKING_ACT_OCCURRED,
    "u_status": EventKind.CERTIFICATION_REQUESTED_CA,
    "status": EventKind.ADJUSTMENT_FILED,
    "presence_and_benefits": EventKind.CP_REQUESTED,
    "immigration_service": EventKind.RFE_SERVED,
    "other_relief": EventKind.ARRIVED,
    "immigration_court": EventKind.FINAL_ORDER_ISSUED,
    "work": EventKind.DOMESTIC_WORKER_EMPLOYED,
    "courts": EventKind.CLAIM_AROSE,
    "confidentiality": EventKind.ADDRESS_CONFIDENTIALITY_ENROLLED,
    "awards": EventKind.OVC_TRAFFICKING_AWARD_STARTED,
}


def event_groups() -> dict[str, tuple[EventKind, ...]]:
    """The kinds in the groups in which they are written above, for lists to choose from."""
    kinds = list(EventKind)
    starts = [kinds.index(first) for first in _FIRST_OF_GROUP.values()]
    ends = [*starts[1:], len(kinds)]
    return {
        name: tuple(kinds[start:end])
        for name, start, end in zip(_FIRST_OF_GROUP, starts, ends, strict=True)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """One event of a case as the clocks see it."""

    ref: str
    kind: EventKind
    at: datetime
    """The instant, in UTC."""
    zone: str
    """IANA name of the place where it happened: whose date it has."""
    by_mail: bool | None = None
    """Whether it came by post; None: not known."""
    seq: int = 0
    """The order in which events were recorded; what is recorded later can undo what came before."""
    lineage: str = ""
    """The first event of a chain of corrections; empty where it was never corrected."""

    @property
    def root(self) -> str:
        """What stays the same when the event is corrected."""
        return self.lineage or self.ref
