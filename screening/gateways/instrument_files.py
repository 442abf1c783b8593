"""A file that holds one instrument: which of YAML and XLSForm it is, and reading it."""

from screening.gateways.pack_files import LARGEST_BYTES, PackFile, refused_whole
from screening.gateways.xlsform import read_xlsform
from screening.gateways.yaml_pack import read_yaml

__all__ = ["LARGEST_BYTES", "read_pack"]

_ZIP = b"PK\x03\x04"
_LONGEST_NAME = 80


def read_pack(content: bytes, name: str) -> PackFile:
    """The instrument. InvalidInputError names file, line and field of what is wrong.

    A workbook tells itself by its first bytes, whatever it is called.
    """
    shown = _shown(name)
    is_workbook = content.startswith(_ZIP)
    if len(content) > LARGEST_BYTES:
        said = f"larger than {LARGEST_BYTES} bytes"
        raise refused_whole(shown or "instrument", "too_large", said)
    if is_workbook:
        return read_xlsform(content, shown or "form.xlsx")
    return read_yaml(content, shown or "instrument.yaml")


def _shown(name: str) -> str:
    """The name as refusals give it: no folder, nothing that hides, nothing that parts it."""
    last = name.replace("\\", "/").rpartition("/")[2].replace(":", "_")
    return "".join(c for c in last if c.isprintable())[-_LONGEST_NAME:].strip()
