"""The tables of screening."""

from screening.models.screenings import Screening, ScreeningAnswer

__all__ = ["Screening", "ScreeningAnswer"]
