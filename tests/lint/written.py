"""The pages of lint as they stand in the docs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Final

BEGIN: Final = "<!-- codes: generated from the pages -->\n"
END: Final = "<!-- end of codes -->\n"


def as_markdown(code: str, page: str) -> str:
    """A page for docs/lint."""
    parts = re.split(r"^(Before|After):\n\n", page, flags=re.MULTILINE)
    text = re.sub(r"^(Why|Fix|Silent):", r"**\1**:", parts[0].replace("``", "`"), flags=re.MULTILINE)
    blocks = [
        f"{head}:\n\n```yaml\n{textwrap.dedent(block).strip()}\n```\n"
        for head, block in zip(parts[1::2], parts[2::2], strict=True)
    ]
    return f"# {code}\n\n{text.strip()}\n\n" + "\n".join(blocks) + "\n[All codes](../lint.md#codes)\n"


def as_table(pages: Mapping[str, str]) -> str:
    """The list of all codes, each with the first sentence of its page."""
    rows = [f"| [{code}](lint/{code}.md) | {_first(page)} |\n" for code, page in pages.items()]
    return "| code | finds |\n|---|---|\n" + "".join(rows)


def _first(page: str) -> str:
    return " ".join(page.split("\n\n", 1)[0].split()).replace("``", "`").replace("|", "\\|")
