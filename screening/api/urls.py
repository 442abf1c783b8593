"""The addresses of screening's resources."""

from django.urls import path, re_path

from screening.api import answering, instruments, packs, screenings

_SCREENING = "screenings/<uuid:ref>/"

urlpatterns = [
    path("indicators/", instruments.Indicators.as_view()),
    path("instruments/", packs.InstrumentsAndOwn.as_view()),
    re_path(
        r"^instruments/(?P<code>[a-z0-9-]{1,80})/versions/(?P<version>[A-Za-z0-9._-]{1,40})/\Z",
        instruments.OneInstrument.as_view(),
    ),
    path("screenings/", screenings.Screenings.as_view()),
    path(_SCREENING, screenings.OneScreening.as_view()),
    path(f"{_SCREENING}answers/", answering.Answers.as_view()),
    path(f"{_SCREENING}conclude/", answering.Conclude.as_view()),
]
