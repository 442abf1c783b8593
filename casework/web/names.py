"""Who did it, by name: colleagues and partner systems behind the references that records keep."""

from collections.abc import Iterable

from django.utils.translation import gettext

from casework.models import PartnerClient, User


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Actor (`user:<ref>`) → the name to show."""
    wanted = set(actors)
    refs = {actor.partition(":")[2] for actor in wanted if actor.startswith(("user:", "client:"))}
    people = User.objects.filter(ref__in=refs).values_list("ref", "name")
    systems = PartnerClient.objects.filter(ref__in=refs).values_list("ref", "label")
    found = {f"user:{ref}": name for ref, name in people}
    found |= {f"client:{ref}": label for ref, label in systems}
    return {actor: found.get(actor) or gettext("the system") for actor in wanted}
