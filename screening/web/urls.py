"""The addresses of the screening pages."""

from django.urls import path

from screening.web import asking, outcome, packs, starting

urlpatterns = [
    path("instruments/", packs.instruments_page, name="instruments"),
    path("screenings/new/", starting.screening_new, name="screening_new"),
    path("screenings/<uuid:ref>/", asking.screening_page, name="screening"),
    path("screenings/<uuid:ref>/review/", asking.screening_review, name="screening_review"),
    path("screenings/<uuid:ref>/conclude/", asking.screening_conclude, name="screening_conclude"),
    path("screenings/<uuid:ref>/outcome/", outcome.screening_outcome, name="screening_outcome"),
    path("screenings/<uuid:ref>/answers/<str:item>/", asking.answer_save, name="answer_save"),
]
