"""Refusals outside the resources: addresses, defects, and what only the database noticed."""

import json

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from casework.api import problems
from config import urls

API = RequestFactory().get("/api/v1/cases/")


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (urls.handler400(API, ValueError()), 400, "bad_request"),
        (urls.handler404(API, ValueError()), 404, "not_found"),
        (urls.handler500(API), 500, "defect"),
    ],
)
def test_machines_are_answered_in_their_own_words(
    answer: HttpResponse, status: int, code: str
) -> None:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == code


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DataError(), 400, "invalid_input"),
        (IntegrityError(), 409, "conflict"),
        (OperationalError(), 503, "unavailable"),
    ],
)
@pytest.mark.django_db
def test_what_only_the_database_noticed_is_refused(
    error: Exception, status: int, code: str
) -> None:
    answer = problems.problem_response(error, {})
    assert answer is not None
    assert (answer.status_code, answer.data["code"]) == (status, code)


def test_a_defect_is_not_dressed_up_as_a_refusal() -> None:
    assert problems.problem_response(ZeroDivisionError(), {}) is None


@pytest.mark.django_db
def test_what_cannot_be_shown_is_still_a_problem() -> None:
    answer = Client().get("/api/v1/cases/", headers={"Accept": "application/problem+json"})
    assert answer["Content-Type"] == "application/problem+json"
