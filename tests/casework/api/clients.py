"""What the tests of the API are given, by type."""

from collections.abc import Callable
from typing import Any, TypeAlias

from casework.models import User
from tests.cast import PartnerApi, PersonClient

Api: TypeAlias = PartnerApi
Partners: TypeAlias = Callable[..., PartnerApi]
People: TypeAlias = Callable[[User], PersonClient]
Answer: TypeAlias = Any
"""A response of either test client; its JSON is looked into freely."""
Json: TypeAlias = Any
"""Anything that JSON can say, right or wrong."""
