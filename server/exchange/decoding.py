"""From a file's bytes to its text: what kind of file it is, in which encoding, and a plain no to what is no text."""

from server.domain.refusals import RefusalCode, Refused

WORKBOOK = b"PK\x03\x04"  # every .xlsx is a ZIP archive
_KINDS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or a workbook with a password; save it as .xlsx without one"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"PAR1", "a Parquet file"),
)
_PAGES = ((b"<!doctype html", "a web page"), (b"<html", "a web page"), (b"<?xml", "an XML document"))
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SAMPLE = 4096
# What a mapping may name: text encodings only (Python knows many that are none).
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1", "iso-8859-15", "cp1250", "cp1251", "cp1253"),
    *("cp1254", "mac-roman", "shift_jis", "gb18030", "big5", "euc-kr"),
)


def no_table(file: str, why: str) -> Refused:
    """The refusal of a file that cannot be read as a table."""
    return Refused(RefusalCode.INVALID, f"{file} {why}", ["files"])


def refuse_binary(file: str, data: bytes) -> None:
    """Refuse what starts like something else than text, whatever its name says."""
    start = data[:64].lstrip().lower()
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise no_table(file, f"is not a text table: it starts like {kind}.")
    for magic, kind in _PAGES:
        if start.removeprefix(b"\xef\xbb\xbf").startswith(magic):
            raise no_table(file, f"is not a text table: it starts like {kind}. Export it again as CSV or XLSX.")


def decode(file: str, data: bytes, encoding: str | None) -> tuple[str, str]:
    """The text and the encoding it was in: what a byte order mark says, else `encoding`, else UTF-16, UTF-8 or cp1252.

    Raises `Refused` when the bytes do not fit the encoding, or hold NUL or other control characters of binary data.
    """
    mark, marked = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", None))
    named = marked or encoding or _without_mark(data[:_SAMPLE])
    try:
        text = data[len(mark) :].decode(named)
    except UnicodeDecodeError as error:
        if marked or encoding or named != "utf-8":
            line = data.count(b"\n", 0, len(mark) + error.start) + 1
            raise no_table(file, f"is not {named}: a byte on line {line} does not fit. Name its `encoding`.") from error
        text, named = _western(file, data), "cp1252"
    _refuse_controls(file, text)
    return text, named


def _without_mark(sample: bytes) -> str:
    """UTF-16 without a mark shows itself by NUL in every second byte of ASCII text."""
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > half * 0.4 and sample[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[::2].count(0) > half * 0.4 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return "utf-8"


def _western(file: str, data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        why = "is neither UTF-8 nor UTF-16 nor cp1252 text. Name its `encoding` in the mapping."
        raise no_table(file, why) from error


def _refuse_controls(file: str, text: str) -> None:
    nul = text.find("\0")
    if nul >= 0:
        raise no_table(
            file, f"is not a text table: it holds a NUL character on line {text.count(chr(10), 0, nul) + 1}."
        )
    sample = text[:_SAMPLE]
    if sum(sign < " " and sign not in "\t\r\n\f" for sign in sample) > len(sample) * 0.02:
        raise no_table(file, "is not a text table: it holds binary data.")
