from pathlib import Path

from benchmarks.floors import read
from benchmarks.generate import generate
from benchmarks.timing import Ratio


def contents(root: Path) -> dict[str, bytes]:
    files = (each for each in root.rglob("*") if each.is_file())
    return {str(each.relative_to(root)): each.read_bytes() for each in files}


def test_the_same_seed_gives_the_same_workspace(tmp_path: Path) -> None:
    generate(tmp_path / "one", 30)
    generate(tmp_path / "two", 30)
    generate(tmp_path / "other", 30, seed=1)

    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_every_second_post_is_persian_and_the_floor_reads_them_all(
    tmp_path: Path,
) -> None:
    paths = generate(tmp_path, 30)

    texts = [path.read_text(encoding="utf-8") for path in paths]
    assert ["language: fa" in each for each in texts] == [False, True] * 15
    assert read(tmp_path) == 30


def test_a_ratio_names_its_floor_and_says_whether_the_aim_is_met() -> None:
    assert str(Ratio("work", 3.0, "the floor", 2.0, 1.5)) == (
        "work: 3.000 s = 1.50 x the floor (2.000 s); aim 1.5: met"
    )
