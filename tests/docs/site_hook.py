"""The site has what the repository has: the links of its pages, made for a host of repositories, hold here too.

The README is the first page. Whatever a page links to outside ``docs`` is taken into the site at its own path.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"(?P<label>\[[^\[\]]*)\]\((?P<target>[^)\s#:]+)(?P<anchor>#[^)\s]*)?\)")
_FENCE = re.compile(r"^(```.*?^```|~~~.*?^~~~)", re.MULTILINE | re.DOTALL)


def on_config(config: Any) -> Any:
    """Pages join the navigation: all of the reference, of lint and of examples, and what stands nowhere in it yet."""
    as_code = next(each["Agreements as code"] for each in config.nav if "Agreements as code" in each)
    listed = {"index.md", *(page for each in config.nav for section in each.values() for page in _pages(section))}
    as_code += sorted(path.name for path in (ROOT / "docs").glob("*.md") if path.name not in listed)
    for title, folder in (("Reference", "reference"), ("What lint finds", "lint")):
        pages = sorted(path.name for path in (ROOT / "docs" / folder).glob("*.md"))
        first = [f"{folder}/{name}" for name in pages if name == "README.md"]
        config.nav.append({title: [*first, *(f"{folder}/{name}" for name in pages if name != "README.md")]})
    examples = sorted(path.parent.name for path in (ROOT / "examples").glob("*/README.md"))
    config.nav.append({"Contributing": "CONTRIBUTING.md"})
    config.nav.append({"Examples": [f"examples/{name}/README.md" for name in examples]})
    return config


def on_files(files: Any, config: Any) -> Any:
    """Take in the README, the examples' pages, and what pages link to outside ``docs``."""
    added = {"README.md", *(str(path.relative_to(ROOT)) for path in (ROOT / "examples").glob("*/README.md"))}
    for path in (*added, *(f"docs/{file.src_uri}" for file in files.documentation_pages())):
        for target in _targets((ROOT / path).read_text(encoding="utf-8"), path):
            if not target.startswith("docs/"):
                added.add(target)
    for path in sorted(added):
        files.append(File.generated(config, _in_site(path), abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links of the repository as links of the site; fenced blocks stay as they are."""
    own = page.file.src_uri
    path = _in_repository(own)

    def moved(found: re.Match[str]) -> str:
        leads = _resolved(found["target"], path)
        if leads is None:
            return found["label"].removeprefix("[")
        target = posixpath.relpath(_in_site(leads), posixpath.dirname(own) or ".")
        return f"{found['label']}]({target}{found['anchor'] or ''})"

    parts = _FENCE.split(markdown)
    return "".join(part if part.startswith(("```", "~~~")) else _LINK.sub(moved, part) for part in parts)


def _pages(section: Any) -> list[str]:
    return section if isinstance(section, list) else [section]


def _targets(text: str, path: str) -> Iterator[str]:
    for part in _FENCE.split(text):
        if not part.startswith(("```", "~~~")):
            leads = (_resolved(found["target"], path) for found in _LINK.finditer(part))
            yield from (each for each in leads if each is not None)


def _resolved(target: str, path: str) -> str | None:
    """The path in the repository that a link of the page ``path`` leads to; of a folder its own page, if it has one."""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    if not (ROOT / found).is_dir():
        return found
    return f"{found}/README.md" if (ROOT / found / "README.md").exists() else None


def _in_site(path: str) -> str:
    return "index.md" if path == "README.md" else path.removeprefix("docs/")


def _in_repository(uri: str) -> str:
    if uri == "index.md":
        return "README.md"
    return f"docs/{uri}" if (ROOT / "docs" / uri).exists() else uri
