"""``slacheck.inspect``: a path, a list of them, or a dataframe."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import slacheck

TEXT = "at,state\n2026-10-05T00:00:00Z,up\n2026-10-05T00:01:00Z,down\n"


def test_a_path_or_a_list_of_them(tmp_path: Path) -> None:
    path = tmp_path / "probes.csv"
    path.write_text(TEXT)
    one, listed = slacheck.inspect(path), slacheck.inspect([str(path)])
    assert one == listed
    assert one.files[0].rows == 2
    assert one.sources[0].name == "probes"


def test_a_dataframe_is_looked_at_as_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "probes.csv"
    path.write_text(TEXT)
    connection = duckdb.connect()
    frame = connection.sql(f"SELECT * FROM read_csv('{path}', all_varchar = true)")
    seen = slacheck.inspect(frame)
    assert seen.files[0].file == "the dataframe"
    assert [column.kind for column in seen.files[0].columns] == ["time", "words"]
    assert "path: export.csv  # the file, or the dataframe" in seen.sources[0].text
    connection.close()


def test_zones_and_encodings_that_do_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "probes.csv"
    path.write_text(TEXT)
    with pytest.raises(ValueError, match="Mars"):
        slacheck.inspect(path, timezone="Mars/Olympus")
    with pytest.raises(ValueError, match="no encoding 'klingon'"):
        slacheck.inspect(path, encoding="klingon")
    with pytest.raises(slacheck.DataError):
        slacheck.inspect(tmp_path / "nowhere.csv")
